package io.oncemq.quickstart;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Waits until the group has acknowledged all that the broker has stored. */
final class Settlement {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALL_PATIENCE = Duration.ofSeconds(60);

    private final Backlog backlog;
    private final Stop stop;
    private final Ledger ledger;
    private final Fleet fleet;
    private final Display display;

    Settlement(Backlog backlog, Stop stop, Ledger ledger, Fleet fleet, Display display) {
        this.backlog = backlog;
        this.stop = stop;
        this.ledger = ledger;
        this.fleet = fleet;
        this.display = display;
    }

    /** Whether it did; false when nothing has moved for a minute or a consumer has died by itself. */
    boolean await() {
        List<Long> before = List.of();
        long movedAt = System.nanoTime();
        while (System.nanoTime() - movedAt < STALL_PATIENCE.toNanos()) {
            if (!fleet.diedByThemselves().isEmpty()) {
                display.line("a consumer process has ended by itself:\n" + fleet.logTails());
                return false;
            }
            long open = open();
            if (open == 0) {
                return true;
            }
            List<Long> now = List.of(open, (long) ledger.size());
            if (!now.equals(before)) {
                before = now;
                movedAt = System.nanoTime();
            }
            stop.pause(POLL);
        }
        display.line("nothing has moved for " + STALL_PATIENCE.toSeconds() + " s");
        return false;
    }

    private long open() {
        try {
            return backlog.open();
        } catch (TimeoutException notNow) {
            return Long.MAX_VALUE;
        }
    }
}
