package io.oncemq.testkit.kit.store;

import io.oncemq.core.claim.InProcessIdempotencyStore;
import io.oncemq.spi.IdempotencyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Time passes at once. */
final class InProcessFixture implements StoreFixture {
    private final MovableClock clock = new MovableClock();
    private final Map<Duration, InProcessIdempotencyStore> stores = new ConcurrentHashMap<>();

    @Override
    public Set<StoreAbility> abilities() {
        return EnumSet.of(StoreAbility.DATA_LOSS);
    }

    @Override
    public IdempotencyStore open(Client client) {
        return stores.computeIfAbsent(
                client.rememberFor(), remembered -> new InProcessIdempotencyStore(clock, remembered));
    }

    @Override
    public void pass(Duration time) {
        clock.now = clock.now.plus(time);
    }

    @Override
    public long nanoTime() {
        return Duration.between(Instant.EPOCH, clock.now).toNanos();
    }

    /** Takes as long as a restart. */
    @Override
    public void loseData() {
        pass(Duration.ofMillis(1));
        stores.values().forEach(InProcessIdempotencyStore::loseData);
    }

    @Override
    public void close() {}

    private static final class MovableClock extends Clock {
        private volatile Instant now = Instant.ofEpochSecond(1_000_000);

        @Override
        public Instant instant() {
            return now;
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
}
