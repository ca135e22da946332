package io.oncemq.core.consume;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time of a searched world, for its store. */
final class HandClock extends Clock {
    private final EngineWorld world;

    HandClock(EngineWorld world) {
        this.world = world;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochSecond(1_000_000_000L).plusNanos(world.nanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
