package io.oncemq.torture;

import java.time.Duration;
import java.util.SplittableRandom;

/** Some handlers take longer than the lease, and than Kafka lets pass between two polls. */
record SlowHandlers() implements Nemesis {
    private static final long LEAST_MILLIS = Terms.POLL_INTERVAL.toMillis() + 1_000;
    private static final long MOST_MILLIS = Terms.POLL_INTERVAL.toMillis() + 4_000;

    @Override
    public String name() {
        return "slow-handlers";
    }

    @Override
    public Against against() {
        return Against.CONSUMER;
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        Duration time = Spans.between(random, LEAST_MILLIS, MOST_MILLIS);
        return Attack.sure(
                "handlers for " + time,
                Spans.between(random, 3_000, 8_000),
                () -> arena.fleet().lasting().forEach(member -> member.dawdle(time)),
                () -> arena.fleet().lasting().forEach(Member::behave));
    }
}
