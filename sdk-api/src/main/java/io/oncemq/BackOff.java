package io.oncemq;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long a key waits between two attempts: the delay grows from {@code initial} by {@code multiplier} up to {@code max},
 * and each is spread by ± {@code jitter} (a share between 0 and 1). Immutable.
 */
public final class BackOff {
    private final Duration initial;
    private final Duration max;
    private final double multiplier;
    private final double jitter;

    private BackOff(Builder builder) {
        this.initial = builder.initial;
        this.max = builder.max;
        this.multiplier = builder.multiplier;
        this.jitter = builder.jitter;
    }

    /** Doubles from {@code initial} up to {@code max}, spread by ± 20 %. */
    public static BackOff exponential(Duration initial, Duration max) {
        return builder().initial(initial).max(max).build();
    }

    /** The same delay each time, not spread. */
    public static BackOff fixed(Duration delay) {
        return builder().initial(delay).max(delay).multiplier(1).jitter(0).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with this back-off. */
    public Builder toBuilder() {
        return builder().initial(initial).max(max).multiplier(multiplier).jitter(jitter);
    }

    public Duration initial() {
        return initial;
    }

    public Duration max() {
        return max;
    }

    public double multiplier() {
        return multiplier;
    }

    public double jitter() {
        return jitter;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BackOff that
                && initial.equals(that.initial)
                && max.equals(that.max)
                && multiplier == that.multiplier
                && jitter == that.jitter;
    }

    @Override
    public int hashCode() {
        return Objects.hash(initial, max, multiplier, jitter);
    }

    @Override
    public String toString() {
        return "BackOff[initial=" + initial + ", max=" + max + ", multiplier=" + multiplier + ", jitter=" + jitter
                + "]";
    }

    /** Sets what differs from the defaults: from 100 ms to 30 s, doubled each time, spread by ± 20 %. Not thread-safe. */
    public static final class Builder {
        private Duration initial = Duration.ofMillis(100);
        private Duration max = Duration.ofSeconds(30);
        private double multiplier = 2;
        private double jitter = 0.2;

        private Builder() {}

        /**
         * The first delay.
         *
         * @throws ConfigurationException if it is not positive
         */
        public Builder initial(Duration initial) {
            if (initial.isNegative() || initial.isZero()) {
                throw new ConfigurationException("BackOff.initial", initial, "is not positive", "Use at least 1 ms");
            }
            this.initial = initial;
            return this;
        }

        /** The longest delay; not below the first. */
        public Builder max(Duration max) {
            this.max = Objects.requireNonNull(max, "max");
            return this;
        }

        /**
         * By how much each delay is longer than the one before.
         *
         * @throws ConfigurationException if it is below 1
         */
        public Builder multiplier(double multiplier) {
            if (!(multiplier >= 1)) {
                throw new ConfigurationException("BackOff.multiplier", multiplier, "is below 1", "Use 1 or more");
            }
            this.multiplier = multiplier;
            return this;
        }

        /**
         * The share of each delay by which it is made shorter or longer at random.
         *
         * @throws ConfigurationException if it is not between 0 and 1
         */
        public Builder jitter(double share) {
            if (!(share >= 0 && share < 1)) {
                throw new ConfigurationException("BackOff.jitter", share, "is not in [0, 1)", "Use for example 0.2");
            }
            this.jitter = share;
            return this;
        }

        /** @throws ConfigurationException if the longest delay is below the first */
        public BackOff build() {
            if (max.compareTo(initial) < 0) {
                throw new ConfigurationException(
                        "BackOff.max", max, "is below the initial delay of " + initial, "Raise max or lower initial");
            }
            return new BackOff(this);
        }
    }
}
