package io.oncemq.torture;

import java.util.SplittableRandom;

/** kill -9 of the broker, which is started again on its data. */
record KillBroker() implements Nemesis {
    private static final long MOST_MILLIS = 6_000;

    @Override
    public String name() {
        return "kill-broker";
    }

    @Override
    public Against against() {
        return Against.BROKER;
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        return Attack.sure(
                "broker",
                Spans.between(random, 0, MOST_MILLIS),
                () -> {
                    arena.log().brokerGoesDown();
                    arena.bed().kill().run();
                },
                () -> {
                    arena.bed().broker().start();
                    arena.log().brokerIsUp();
                });
    }
}
