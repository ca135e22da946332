package io.oncemq.torture;

import java.time.Duration;
import java.util.SplittableRandom;

/** Members join and leave, one after the other, in order. */
record RebalanceStorm() implements Nemesis {
    private static final int TURNS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "rebalance-storm";
    }

    @Override
    public Against against() {
        return Against.CONSUMER;
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        Member guest = arena.fleet().guest();
        Member lasting = arena.fleet().any(random);
        Duration stay = Spans.between(random, 100, 3_000);
        return Attack.sure(
                "members: a guest and " + lasting.incarnation(),
                Duration.ZERO,
                () -> {
                    for (int turn = 0; turn < TURNS; turn++) {
                        guest.start();
                        arena.awaitItWorks(guest, PATIENCE);
                        arena.stop().pause(stay);
                        if (turn == 1) {
                            lasting.leave();
                            lasting.start();
                        }
                        guest.leave();
                    }
                },
                guest::leave);
    }
}
