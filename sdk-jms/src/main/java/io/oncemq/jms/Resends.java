package io.oncemq.jms;

import io.oncemq.spi.OutboundFrame;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Under which mark each message goes out, by which the broker knows the second copy of one that it has: the engine sends what is undecided
 * again as the same frame, and it gets the mark that it had. Frames that the engine has given up are forgotten. Thread-safe.
 */
final class Resends {
    private final String prefix = UUID.randomUUID().toString();
    private final AtomicLong numbers = new AtomicLong();
    private final Map<OutboundFrame, String> undecided = new WeakHashMap<>();
    private volatile boolean any;

    String mark(OutboundFrame frame) {
        String earlier = any ? take(frame) : null;
        return earlier == null ? prefix + "-" + numbers.incrementAndGet() : earlier;
    }

    private synchronized @Nullable String take(OutboundFrame frame) {
        String mark = undecided.remove(frame);
        any = !undecided.isEmpty();
        return mark;
    }

    /** The broker may have it under that mark. */
    synchronized void undecided(OutboundFrame frame, String mark) {
        undecided.put(frame, mark);
        any = true;
    }
}
