package io.oncemq.torture;

import java.util.SplittableRandom;

/** kill -9 of the store, which comes back with or without its data. */
record RestartStore(boolean keepsData) implements Nemesis {
    private static final long MOST_MILLIS = 8_000;

    @Override
    public String name() {
        return keepsData ? "restart-store" : "lose-store";
    }

    @Override
    public Against against() {
        return Against.STORE;
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        return Attack.sure(
                "store",
                Spans.between(random, 0, MOST_MILLIS),
                () -> {
                    arena.log().storeGoesDown();
                    arena.store().kill();
                },
                () -> {
                    if (keepsData) {
                        arena.store().start();
                    } else {
                        arena.log().storeLosesData();
                        arena.store().restartEmpty();
                    }
                    arena.log().storeIsUp();
                });
    }
}
