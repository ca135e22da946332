package io.oncemq.core.publish;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import io.oncemq.MessagingEvent.PublishingResumed;
import io.oncemq.MessagingEvent.PublishingSuspended;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The breaker of one connection and the back-off between its sessions. It hears of sessions and spans of progress, never of
 * single messages. While it is open no session is opened; messages are kept until their deadline. Sender thread only.
 */
final class Health {
    private static final long SUCCESS_SPAN = MILLISECONDS.toNanos(100);
    private static final long STABLE_SPAN = MILLISECONDS.toNanos(5_000);

    private final IntervalFunction backOff;
    private final CircuitBreaker breaker;
    private final Outcomes outcomes;
    private final Set<String> suspended = new TreeSet<>();
    private int attempt;
    private boolean successSeen;
    private long lastSuccess;
    private @Nullable Throwable trouble;

    Health(String clientId, Outcomes outcomes, BackOffs backOffs, LongSupplier ticker) {
        this.backOff = backOffs.session();
        this.outcomes = outcomes;
        CircuitBreakerConfig config = CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(4)
                .minimumNumberOfCalls(3)
                .failureRateThreshold(75)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitIntervalFunctionInOpenState(backOffs.breaker())
                .clock(new NanoClock(ticker))
                .build();
        breaker = CircuitBreaker.of("publish-" + clientId, config);
    }

    /** Whether a session may be opened now; after true its success or failure has to be told. */
    boolean permits() {
        return breaker.tryAcquirePermission();
    }

    /** Whether a span of time has passed since the last success that was recorded. */
    boolean isDue(long now) {
        return !successSeen || now - lastSuccess >= SUCCESS_SPAN;
    }

    /** Why no message gets through, as far as known; null while some do. */
    @Nullable
    Throwable trouble() {
        return trouble;
    }

    /** Messages were confirmed since the last call. */
    void progressed(long now) {
        trouble = null;
        successSeen = true;
        lastSuccess = now;
        breaker.onSuccess(0, NANOSECONDS);
        if (!suspended.isEmpty() && breaker.getState() == State.CLOSED) {
            suspended.forEach(destination -> outcomes.emit(new PublishingResumed(destination)));
            suspended.clear();
        }
    }

    /** @param destinations of the messages that wait */
    void failed(Throwable cause, Set<String> destinations) {
        trouble = cause;
        breaker.onError(0, NANOSECONDS, cause);
        if (breaker.getState() == State.OPEN) {
            for (String destination : destinations) {
                if (suspended.add(destination)) {
                    outcomes.emit(new PublishingSuspended(destination, cause));
                }
            }
        }
    }

    /** How long to wait before the next session, given how the last one fared. */
    long nextDelay(@Nullable Generation last, long now) {
        if (last != null && last.hasProgressed() && now - last.openedAt >= STABLE_SPAN) {
            attempt = 0;
        }
        attempt++;
        return MILLISECONDS.toNanos(backOff.apply(Math.min(attempt, 30)));
    }
}
