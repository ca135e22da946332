package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which acknowledgement in a history concerns a receipt. */
final class Acknowledgements {
    private record Holding(String process, Place place) {
        static Holding of(Event event) {
            return new Holding(event.process(), Place.of(event));
        }
    }

    /** What was acknowledged, and where that ended because the shard was taken away, in order. */
    private final Map<Holding, List<Event>> found = new HashMap<>();

    void see(Event event) {
        switch (event.kind()) {
            case ACKNOWLEDGED, REVOKED, LOST ->
                found.computeIfAbsent(Holding.of(event), holding -> new ArrayList<>())
                        .add(event);
            default -> {}
        }
    }

    /**
     * The acknowledgement of all through this receipt, or of it alone; null if there was none while the process had the shard. A message
     * that waits behind another is acknowledged long after it was handled.
     */
    @Nullable
    Event of(Event receipt) {
        return found.getOrDefault(Holding.of(receipt), List.of()).stream()
                .filter(each -> each.nanos() >= receipt.nanos())
                .takeWhile(each -> each.kind() == Kind.ACKNOWLEDGED)
                .filter(each -> isOf(each, receipt.tag()))
                .findFirst()
                .orElse(null);
    }

    private static boolean isOf(Event acknowledgement, long tag) {
        return acknowledgement.tag() >= tag
                || List.of(acknowledgement.text().split(" ")).contains(Long.toString(tag));
    }
}
