package io.oncemq.core.publish;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** The monotonic ticker as the breaker wants to read it: its instants serve to measure spans, not to tell the time. */
final class NanoClock extends Clock {
    private final LongSupplier ticker;

    NanoClock(LongSupplier ticker) {
        this.ticker = ticker;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(ticker.getAsLong());
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
