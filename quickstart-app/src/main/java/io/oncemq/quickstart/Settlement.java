package io.oncemq.quickstart;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Waits until the group has committed all that the broker has stored. */
final class Settlement {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALL_PATIENCE = Duration.ofSeconds(60);

    private final GroupProgress progress;
    private final Stop stop;
    private final Ledger ledger;
    private final Fleet fleet;
    private final Display display;

    Settlement(GroupProgress progress, Stop stop, Ledger ledger, Fleet fleet, Display display) {
        this.progress = progress;
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
            GroupProgress.Offsets offsets = offsets();
            if (offsets.settled()) {
                return true;
            }
            List<Long> now = List.of(offsets.committed(), (long) ledger.size());
            if (!now.equals(before)) {
                before = now;
                movedAt = System.nanoTime();
            }
            stop.pause(POLL);
        }
        display.line("nothing has moved for " + STALL_PATIENCE.toSeconds() + " s");
        return false;
    }

    private GroupProgress.Offsets offsets() {
        try {
            return progress.ask();
        } catch (TimeoutException notNow) {
            return new GroupProgress.Offsets(Long.MAX_VALUE, -1);
        }
    }
}
