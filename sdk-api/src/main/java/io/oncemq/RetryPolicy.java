package io.oncemq;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When a failed delivery is handled again. Defaults: 6 attempts, exponential back-off from 100 ms to 30 s, every exception
 * is retried except {@link CodecException}. A retry holds the message's key only and keeps its order. Immutable.
 *
 * @param maxAttempts how often the handler may be started, the first time included; it counts across processes for
 *     attempts that are known to have started
 * @param retryOn if not empty, only these exceptions (or subclasses) are retried; under {@link CrashPolicy#QUARANTINE} nothing
 *     else ever is, for they are the failures declared to have had no effect
 * @param deadLetterOn these exceptions (or subclasses) are never retried
 */
public record RetryPolicy(
        BackOff backOff,
        int maxAttempts,
        Set<Class<? extends Throwable>> retryOn,
        Set<Class<? extends Throwable>> deadLetterOn) {

    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new ConfigurationException("RetryPolicy.maxAttempts", maxAttempts, "is below 1", "Use 1 or more");
        }
        retryOn = Set.copyOf(retryOn);
        deadLetterOn = Set.copyOf(deadLetterOn);
    }

    public static RetryPolicy defaults() {
        return exponential(Duration.ofMillis(100), Duration.ofSeconds(30));
    }

    public static RetryPolicy exponential(Duration initial, Duration max) {
        return of(BackOff.exponential(initial, max));
    }

    public static RetryPolicy fixed(Duration delay) {
        return of(BackOff.fixed(delay));
    }

    public static RetryPolicy of(BackOff backOff) {
        return new RetryPolicy(backOff, 6, Set.of(), Set.of());
    }

    /** One attempt only. */
    public static RetryPolicy none() {
        return defaults().maxAttempts(1);
    }

    public RetryPolicy maxAttempts(int attempts) {
        return new RetryPolicy(backOff, attempts, retryOn, deadLetterOn);
    }

    @SafeVarargs
    public final RetryPolicy retryOn(Class<? extends Throwable>... exceptions) {
        return new RetryPolicy(backOff, maxAttempts, union(retryOn, List.of(exceptions)), deadLetterOn);
    }

    @SafeVarargs
    public final RetryPolicy deadLetterOn(Class<? extends Throwable>... exceptions) {
        return new RetryPolicy(backOff, maxAttempts, retryOn, union(deadLetterOn, List.of(exceptions)));
    }

    /** Whether this failure may be retried at all, attempts aside. */
    public boolean isRetryable(Throwable failure) {
        if (failure instanceof CodecException || matches(deadLetterOn, failure)) {
            return false;
        }
        return retryOn.isEmpty() || matches(retryOn, failure);
    }

    private static boolean matches(Set<Class<? extends Throwable>> classes, Throwable failure) {
        return classes.stream().anyMatch(type -> type.isInstance(failure));
    }

    private static Set<Class<? extends Throwable>> union(
            Set<Class<? extends Throwable>> some, List<Class<? extends Throwable>> more) {
        return Stream.concat(some.stream(), more.stream()).collect(Collectors.toSet());
    }
}
