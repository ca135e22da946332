package io.oncemq.torture;

import io.oncemq.testkit.server.RedisSentinel;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A replica becomes the master of the store, and may lack what the former one was told last. That one is killed, stands still and comes back as if
 * nothing had been, or is only relieved.
 */
record StoreFailover() implements Nemesis {
    private static final long MOST_MILLIS = 4_000;

    /** What becomes of the former master. */
    private enum Way {
        KILLED,
        FROZEN,
        RELIEVED
    }

    @Override
    public String name() {
        return "store-failover";
    }

    @Override
    public Against against() {
        return Against.STORE;
    }

    @Override
    public Optional<String> obstacle(BrokerKind broker) {
        return Loopback.isDivided()
                ? Optional.empty()
                : Optional.of(
                        "this machine has one loopback address only, so members cannot have proxies of their own");
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        RedisSentinel redis = arena.store().watched();
        Way way = Way.values()[random.nextInt(Way.values().length)];
        return Attack.sure(
                "store whose master is " + way.name().toLowerCase(Locale.ROOT),
                Spans.between(random, 0, MOST_MILLIS),
                () -> {
                    arena.log().storeGoesDown();
                    arena.log().storeFailsOver();
                    change(arena, way, redis);
                },
                () -> {
                    settle(arena, way, redis);
                    arena.log().storeIsUp();
                });
    }

    private static void change(Arena arena, Way way, RedisSentinel redis) {
        int former = redis.awaitMasterOtherThan(-1);
        switch (way) {
            case KILLED -> {
                redis.server(former).kill();
                // Nobody is told anything any more that could be forgotten.
                arena.log().storeFailedOver();
                redis.awaitMasterOtherThan(former);
            }
            case FROZEN -> {
                redis.server(former).pause();
                redis.awaitMasterOtherThan(former);
            }
            case RELIEVED -> redis.failover();
        }
    }

    private static void settle(Arena arena, Way way, RedisSentinel redis) {
        switch (way) {
            case KILLED -> redis.start();
            case FROZEN -> redis.resume();
            case RELIEVED -> redis.awaitReplicas();
        }
        if (way != Way.KILLED) {
            arena.log().storeFailedOver();
        }
    }
}
