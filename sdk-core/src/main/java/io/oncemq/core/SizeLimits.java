package io.oncemq.core;

import io.oncemq.Finding;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rule that what can be accepted can be dead-lettered (S7): a publisher leaves room below the destination's limit for the headers that
 * a dead letter adds, and a dead-letter destination takes more than its source, for messages of others. Thread-safe.
 */
final class SizeLimits {
    /** How much more than its source a dead-letter destination takes. */
    static final int ROOM_OF_LETTERS = 64 << 10;

    /** What a dead letter's headers take at most, with long names and a long text of the cause, and what the broker adds itself. */
    private static final long ROOM = 16 << 10;

    /** Of a small limit only a share is kept free. */
    private static final long SHARE = 16;

    private final Map<String, Long> largest = new ConcurrentHashMap<>();

    void told(String destination, @Nullable Long largestMessage) {
        if (largestMessage != null) {
            largest.put(destination, largestMessage);
        }
    }

    /** How many bytes of key, headers and body a publisher may send; empty without a limit. */
    OptionalLong publishable(String destination) {
        Long limit = largest.get(destination);
        return limit == null ? OptionalLong.empty() : OptionalLong.of(limit - Math.min(ROOM, limit / SHARE));
    }

    /** Where a dead-letter destination does not take more than its source. */
    List<Finding> findings(String source, Collection<String> letters) {
        Long limit = largest.get(source);
        return limit == null
                ? List.of()
                : letters.stream()
                        .filter(name -> largest.getOrDefault(name, Long.MAX_VALUE) <= limit)
                        .map(name -> Finding.advice(
                                "destination " + name,
                                "largest message",
                                largest.get(name) + " bytes",
                                "should be above the " + limit + " bytes of " + source
                                        + ": a dead letter has more headers than its message, and one that is too large holds its key",
                                "Raise it by " + ROOM_OF_LETTERS
                                        + " bytes or more, or set DeadLetterPolicy.tooLarge(STUB)"))
                        .toList();
    }
}
