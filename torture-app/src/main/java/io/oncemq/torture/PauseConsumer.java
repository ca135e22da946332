package io.oncemq.torture;

import java.util.SplittableRandom;

/** A consumer process stands still for longer than its lease, and mostly for longer than the broker waits for it. */
record PauseConsumer() implements Nemesis {
    private static final long LEAST_MILLIS = Terms.LEASE.toMillis() + 1_000;
    private static final long MOST_MILLIS = Terms.POLL_INTERVAL.toMillis() + 5_000;

    @Override
    public String name() {
        return "pause-consumer";
    }

    @Override
    public Against against() {
        return Against.CONSUMER;
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        Member member = arena.fleet().any(random);
        return new Attack(
                member.incarnation(), Spans.between(random, LEAST_MILLIS, MOST_MILLIS), member::pause, member::resume);
    }
}
