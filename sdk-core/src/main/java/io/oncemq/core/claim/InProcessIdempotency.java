package io.oncemq.core.claim;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.IdempotencyStoreFactory;
import java.time.Clock;
import java.time.Duration;

/**
 * Options of the store that lives in this process and dies with it. Every client built from the same instance shares the
 * claims. Records are kept for 7 days by default. Thread-safe.
 */
public final class InProcessIdempotency implements IdempotencyStoreFactory {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final InProcessIdempotencyStore store;

    private InProcessIdempotency(InProcessIdempotencyStore store) {
        this.store = store;
    }

    public static InProcessIdempotency create() {
        return create(Clock.systemUTC(), Duration.ofDays(7));
    }

    /**
     * @param clock decides over leases and over what is forgotten
     * @param rememberFor for how long a record is kept after its last change
     * @throws ConfigurationException if {@code rememberFor} is not positive, or above 36,500 days
     */
    public static InProcessIdempotency create(Clock clock, Duration rememberFor) {
        if (rememberFor.isNegative() || rememberFor.isZero()) {
            throw new ConfigurationException(
                    "rememberFor", rememberFor, "is not positive", "Give a time above the broker's redelivery horizon");
        }
        if (rememberFor.compareTo(LONGEST) > 0) {
            throw new ConfigurationException(
                    "rememberFor",
                    rememberFor,
                    "is longer than a clock can count",
                    "Give at most " + LONGEST.toDays() + " days");
        }
        return new InProcessIdempotency(new InProcessIdempotencyStore(clock, rememberFor));
    }

    @Override
    public IdempotencyStore open() {
        return store;
    }

    @Override
    public String toString() {
        return "InProcessIdempotency";
    }
}
