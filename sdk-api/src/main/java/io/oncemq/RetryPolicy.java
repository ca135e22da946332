package io.oncemq;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a failed delivery is handled again. Defaults: 6 attempts, exponential back-off from 100 ms to 30 s, every exception
 * is retried except {@link CodecException}. A retry holds the message's key only and keeps its order. Immutable.
 */
public final class RetryPolicy {
    /** Causes may form a circle. */
    private static final int DEEPEST_CAUSE = 64;

    private static final RetryPolicy DEFAULTS = builder().build();

    private final BackOff backOff;
    private final int maxAttempts;
    private final Set<Class<? extends Throwable>> retryOn;
    private final Set<Class<? extends Throwable>> deadLetterOn;

    private RetryPolicy(Builder builder) {
        this.backOff = builder.backOff;
        this.maxAttempts = builder.maxAttempts;
        this.retryOn = Set.copyOf(builder.retryOn);
        this.deadLetterOn = Set.copyOf(builder.deadLetterOn);
    }

    public static RetryPolicy defaults() {
        return DEFAULTS;
    }

    /** The defaults with another exponential back-off. */
    public static RetryPolicy exponential(Duration initial, Duration max) {
        return builder().exponential(initial, max).build();
    }

    /** The defaults with the same delay before each attempt. */
    public static RetryPolicy fixed(Duration delay) {
        return builder().fixed(delay).build();
    }

    /** One attempt only. */
    public static RetryPolicy none() {
        return builder().maxAttempts(1).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with this policy. */
    public Builder toBuilder() {
        Builder builder = builder().backOff(backOff).maxAttempts(maxAttempts);
        builder.retryOn.addAll(retryOn);
        builder.deadLetterOn.addAll(deadLetterOn);
        return builder;
    }

    public BackOff backOff() {
        return backOff;
    }

    /** How often the handler may be started, the first time included. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** If not empty, only these exceptions (or subclasses) are retried. */
    public Set<Class<? extends Throwable>> retryOn() {
        return retryOn;
    }

    /** These exceptions (or subclasses) are never retried. */
    public Set<Class<? extends Throwable>> deadLetterOn() {
        return deadLetterOn;
    }

    /** Whether this failure may be retried at all, attempts aside. */
    public boolean isRetryable(Throwable failure) {
        if (failure instanceof CodecException || matches(deadLetterOn, failure)) {
            return false;
        }
        return matches(retryOn, failure) || (retryOn.isEmpty() && !isCausedByOneOf(deadLetterOn, failure));
    }

    private static boolean isCausedByOneOf(Set<Class<? extends Throwable>> classes, Throwable failure) {
        Throwable cause = cause(failure);
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (matches(classes, cause)) {
                return true;
            }
            cause = cause(cause);
        }
        return false;
    }

    /** An exception is foreign code: one that cannot even name its cause has none. */
    private static @Nullable Throwable cause(Throwable failure) {
        try {
            return failure.getCause();
        } catch (Throwable e) {
            return null;
        }
    }

    private static boolean matches(Set<Class<? extends Throwable>> classes, Throwable failure) {
        return classes.stream().anyMatch(type -> type.isInstance(failure));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RetryPolicy that
                && backOff.equals(that.backOff)
                && maxAttempts == that.maxAttempts
                && retryOn.equals(that.retryOn)
                && deadLetterOn.equals(that.deadLetterOn);
    }

    @Override
    public int hashCode() {
        return Objects.hash(backOff, maxAttempts, retryOn, deadLetterOn);
    }

    @Override
    public String toString() {
        return "RetryPolicy[backOff=" + backOff + ", maxAttempts=" + maxAttempts + ", retryOn=" + retryOn
                + ", deadLetterOn=" + deadLetterOn + "]";
    }

    /** Sets what differs from the defaults. Not thread-safe. */
    public static final class Builder {
        private BackOff backOff = BackOff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30));
        private int maxAttempts = 6;
        private final Set<Class<? extends Throwable>> retryOn = new HashSet<>();
        private final Set<Class<? extends Throwable>> deadLetterOn = new HashSet<>();

        private Builder() {}

        public Builder backOff(BackOff backOff) {
            this.backOff = Objects.requireNonNull(backOff, "backOff");
            return this;
        }

        /** As {@link #backOff} with {@link BackOff#exponential}. */
        public Builder exponential(Duration initial, Duration max) {
            return backOff(BackOff.exponential(initial, max));
        }

        /** As {@link #backOff} with {@link BackOff#fixed}. */
        public Builder fixed(Duration delay) {
            return backOff(BackOff.fixed(delay));
        }

        /**
         * How often the handler may be started, the first time included. It counts across processes for attempts that are known to have
         * started.
         *
         * @throws ConfigurationException if it is below 1
         */
        public Builder maxAttempts(int attempts) {
            if (attempts < 1) {
                throw new ConfigurationException("RetryPolicy.maxAttempts", attempts, "is below 1", "Use 1 or more");
            }
            this.maxAttempts = attempts;
            return this;
        }

        /**
         * Also retries these exceptions and their subclasses, and no others than those that are named. Under {@link CrashPolicy#QUARANTINE}
         * no other is ever retried: these are the failures declared to have had no effect.
         */
        @SafeVarargs
        public final Builder retryOn(Class<? extends Throwable>... exceptions) {
            return retryOn(List.of(exceptions));
        }

        /** As {@link #retryOn(Class[])}. */
        public Builder retryOn(Collection<Class<? extends Throwable>> exceptions) {
            retryOn.addAll(exceptions);
            return this;
        }

        /**
         * Never retries these exceptions and their subclasses, nor an exception that one of them has caused, except if {@link #retryOn}
         * names that exception.
         */
        @SafeVarargs
        public final Builder deadLetterOn(Class<? extends Throwable>... exceptions) {
            return deadLetterOn(List.of(exceptions));
        }

        /** As {@link #deadLetterOn(Class[])}. */
        public Builder deadLetterOn(Collection<Class<? extends Throwable>> exceptions) {
            deadLetterOn.addAll(exceptions);
            return this;
        }

        public RetryPolicy build() {
            return new RetryPolicy(this);
        }
    }
}
