package io.oncemq.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many messages each part uses; each run holds all of them. */
record Sizes(int publish, int consume, LanesPart.Work lanes2ms, LanesPart.Work lanes5ms, List<Integer> ids) {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofMillis(5);

    static Sizes of(boolean quick) {
        return quick
                ? new Sizes(
                        300_000,
                        200_000,
                        new LanesPart.Work(SHORT, 64, 40_000),
                        new LanesPart.Work(LONG, 256, 60_000),
                        List.of(100_000, 1_000_000))
                : new Sizes(
                        1_500_000,
                        1_000_000,
                        new LanesPart.Work(SHORT, 64, 200_000),
                        new LanesPart.Work(LONG, 256, 300_000),
                        List.of(100_000, 1_000_000, 10_000_000));
    }

    Map<String, Object> describe() {
        Map<String, Object> sizes = new LinkedHashMap<>();
        sizes.put("publish", publish);
        sizes.put("consume", consume);
        sizes.put("lanes2ms", lanes2ms.messages());
        sizes.put("lanes5ms", lanes5ms.messages());
        return sizes;
    }
}
