package io.oncemq;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a failed delivery is handled again. Defaults: 6 attempts, exponential back-off from 100 ms to 30 s, every exception
 * is retried except {@link CodecException}. A retry holds the message's key only and keeps its order. Immutable.
 *
 * @param maxAttempts how often the handler may be started, the first time included; it counts across processes for
 *     attempts that are known to have started
 * @param retryOn if not empty, only these exceptions (or subclasses) are retried; under {@link CrashPolicy#QUARANTINE} nothing
 *     else ever is, for they are the failures declared to have had no effect
 * @param deadLetterOn these exceptions (or subclasses) are never retried, nor is an exception that one of them has caused, except if
 *     {@code retryOn} names that exception
 */
public record RetryPolicy(
        BackOff backOff,
        int maxAttempts,
        Set<Class<? extends Throwable>> retryOn,
        Set<Class<? extends Throwable>> deadLetterOn) {
    /** Causes may form a circle. */
    private static final int DEEPEST_CAUSE = 64;

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

    private static Set<Class<? extends Throwable>> union(
            Set<Class<? extends Throwable>> some, List<Class<? extends Throwable>> more) {
        return Stream.concat(some.stream(), more.stream()).collect(Collectors.toSet());
    }
}
