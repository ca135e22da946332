package io.oncemq.core.consume;

import io.github.resilience4j.core.IntervalFunction;
import io.oncemq.BackOff;
import java.time.Duration;

/** Computes the delay behind each failure of a message. Thread-safe. */
final class RetryDelays {
    private final IntervalFunction intervals;
    private final long maxMillis;

    RetryDelays(BackOff backOff) {
        long initial = Math.max(1, backOff.initial().toMillis());
        this.maxMillis = Math.max(initial, backOff.max().toMillis());
        this.intervals = backOff.jitter() > 0
                ? IntervalFunction.ofExponentialRandomBackoff(
                        initial, Math.max(1.0, backOff.multiplier()), backOff.jitter(), maxMillis)
                : IntervalFunction.ofExponentialBackoff(initial, Math.max(1.0, backOff.multiplier()), maxMillis);
    }

    /** The delay behind failure number {@code failures}, counted from 1. */
    Duration after(int failures) {
        return Duration.ofMillis(Math.min(maxMillis, intervals.apply(Math.min(failures, 64))));
    }
}
