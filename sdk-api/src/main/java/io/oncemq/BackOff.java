package io.oncemq;

import java.time.Duration;

/**
 * How long a key waits between two attempts: the delay grows from {@code initial} by {@code multiplier} up to {@code max},
 * and each is spread by ± {@code jitter} (a share between 0 and 1).
 */
public record BackOff(Duration initial, Duration max, double multiplier, double jitter) {
    public BackOff {
        if (initial.isNegative() || initial.isZero()) {
            throw new ConfigurationException("BackOff.initial", initial, "is not positive", "Use at least 1 ms");
        }
        if (max.compareTo(initial) < 0) {
            throw new ConfigurationException(
                    "BackOff.max", max, "is below the initial delay of " + initial, "Raise max or lower initial");
        }
        if (!(multiplier >= 1)) {
            throw new ConfigurationException("BackOff.multiplier", multiplier, "is below 1", "Use 1 or more");
        }
        if (!(jitter >= 0 && jitter < 1)) {
            throw new ConfigurationException("BackOff.jitter", jitter, "is not in [0, 1)", "Use for example 0.2");
        }
    }

    /** Doubles from {@code initial} up to {@code max}, spread by ± 20 %. */
    public static BackOff exponential(Duration initial, Duration max) {
        return new BackOff(initial, max, 2, 0.2);
    }

    /** The same delay each time, not spread. */
    public static BackOff fixed(Duration delay) {
        return new BackOff(delay, delay, 1, 0);
    }

    public BackOff jitter(double share) {
        return new BackOff(initial, max, multiplier, share);
    }
}
