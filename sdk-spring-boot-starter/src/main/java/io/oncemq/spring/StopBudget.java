package io.oncemq.spring;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that OnceMQ takes at the end of the application, for listeners and clients together: {@code oncemq.shutdown-deadline}. Three
 * quarters are for the drain of the listeners, which also keeps within Spring's time for a phase. The clients get what the drain has left.
 * The time of other beans, such as the web server's own shutdown, is not counted. Thread-safe.
 */
final class StopBudget {
    static final String PROPERTY = "oncemq.shutdown-deadline";
    static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

    private static final Logger LOG = LoggerFactory.getLogger(StopBudget.class);
    /** A close may take a second beyond its deadline, and the phase must not end first. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final Duration total;
    private final Duration listeners;
    private final LongSupplier ticker;
    private long spent;

    /**
     * @param total for everything
     * @param phase after which Spring continues and destroys what handlers still use
     * @param ticker monotonic nanoseconds
     */
    StopBudget(Duration total, Duration phase, LongSupplier ticker) {
        this.total = total;
        this.ticker = ticker;
        Duration drain = total.multipliedBy(3).dividedBy(4);
        Duration within = phase.minus(MARGIN).isNegative() ? Duration.ZERO : phase.minus(MARGIN);
        this.listeners = drain.compareTo(within) <= 0 ? drain : within;
        if (!listeners.equals(drain)) {
            LOG.warn(
                    "the shutdown phase is shorter than the drain of the listeners, and wins: {}={} {}={} drain={}",
                    PHASE_TIMEOUT,
                    phase,
                    PROPERTY,
                    total,
                    listeners);
        }
    }

    /** How long handlers may take. */
    Duration ofListeners() {
        return listeners;
    }

    /** How long the clients may take, after the listeners. */
    synchronized Duration ofClients() {
        Duration left = total.minusNanos(spent);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Runs a part of the end and counts its time. */
    void spend(Runnable part) {
        long began = ticker.getAsLong();
        try {
            part.run();
        } finally {
            add(ticker.getAsLong() - began);
        }
    }

    private synchronized void add(long nanos) {
        spent += nanos;
    }

    /** The application starts again: a later stop has the whole time. */
    synchronized void renew() {
        spent = 0;
    }
}
