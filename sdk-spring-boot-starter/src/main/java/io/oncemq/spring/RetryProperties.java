package io.oncemq.spring;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When a failed delivery is handled again. */
public class RetryProperties {
    /** How often a handler may be started. Default: 6. */
    private @Nullable Integer maxAttempts;

    /** Wait before the second attempt. Default: 100 ms. */
    private @Nullable Duration initialDelay;

    /** Longest wait between attempts. Default: 30 s. */
    private @Nullable Duration maxDelay;

    /** Growth of the wait from attempt to attempt. Default: 2. */
    private @Nullable Double multiplier;

    /** Random share of the wait, to spread retries. Default: 0.2. */
    private @Nullable Double jitter;

    /** If set, only these exceptions are retried. */
    private @Nullable Set<Class<? extends Throwable>> retryOn;

    /** These exceptions are never retried. */
    private @Nullable Set<Class<? extends Throwable>> deadLetterOn;

    public @Nullable Integer getMaxAttempts() {
        return maxAttempts;
    }

    public void setMaxAttempts(@Nullable Integer maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public @Nullable Duration getInitialDelay() {
        return initialDelay;
    }

    public void setInitialDelay(@Nullable Duration initialDelay) {
        this.initialDelay = initialDelay;
    }

    public @Nullable Duration getMaxDelay() {
        return maxDelay;
    }

    public void setMaxDelay(@Nullable Duration maxDelay) {
        this.maxDelay = maxDelay;
    }

    public @Nullable Double getMultiplier() {
        return multiplier;
    }

    public void setMultiplier(@Nullable Double multiplier) {
        this.multiplier = multiplier;
    }

    public @Nullable Double getJitter() {
        return jitter;
    }

    public void setJitter(@Nullable Double jitter) {
        this.jitter = jitter;
    }

    public @Nullable Set<Class<? extends Throwable>> getRetryOn() {
        return retryOn;
    }

    public void setRetryOn(@Nullable Set<Class<? extends Throwable>> retryOn) {
        this.retryOn = retryOn;
    }

    public @Nullable Set<Class<? extends Throwable>> getDeadLetterOn() {
        return deadLetterOn;
    }

    public void setDeadLetterOn(@Nullable Set<Class<? extends Throwable>> deadLetterOn) {
        this.deadLetterOn = deadLetterOn;
    }
}
