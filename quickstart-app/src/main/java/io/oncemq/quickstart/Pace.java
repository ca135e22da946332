package io.oncemq.quickstart;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When each message goes out. Without faults: as fast as it can. With faults: the first half as fast as it can, so that the
 * consumers are busy; the rest over some seconds, and the last quarter only when the broker was killed, so that its
 * absence meets publishing too. Not thread-safe.
 */
final class Pace {
    private static final Duration SECOND_HALF = Duration.ofSeconds(6);
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final Stop stop;
    private final int total;
    private final BooleanSupplier brokerWasKilled;
    private long started;

    private Pace(Stop stop, int total, BooleanSupplier brokerWasKilled) {
        this.stop = stop;
        this.total = total;
        this.brokerWasKilled = brokerWasKilled;
    }

    static Pace unhurried(Stop stop, int total, BooleanSupplier brokerWasKilled) {
        return new Pace(stop, total, brokerWasKilled);
    }

    static Pace full(Stop stop) {
        return new Pace(stop, Integer.MAX_VALUE, () -> true);
    }

    /** Waits until message number {@code index}, from 0, is due. */
    void await(int index) {
        int half = total / 2;
        if (index < half) {
            return;
        }
        if (index == half) {
            started = System.nanoTime();
        }
        long due = started + SECOND_HALF.toNanos() / (total - half) * (index - half);
        long wait = due - System.nanoTime();
        if (wait > 1_000_000) {
            stop.pause(Duration.ofNanos(wait));
        }
        if (index == lastQuarter(total)) {
            stop.await(PATIENCE, brokerWasKilled);
        }
    }

    /** How many messages go out before the broker is killed. */
    static int lastQuarter(int total) {
        return (int) (total * 3L / 4);
    }
}
