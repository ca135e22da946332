package io.oncemq.quickstart;

import java.time.Duration;
import java.util.function.IntSupplier;

/** Shows how far a run is until it is told to stop. Runs on a thread of its own. */
final class ProgressLine implements Runnable {
    private static final Duration ON_TERMINAL = Duration.ofMillis(200);
    private static final Duration ELSEWHERE = Duration.ofSeconds(2);

    private final Display display;
    private final Stop stop;
    private final PublishJob publishing;
    private final Ledger ledger;
    private final Fleet fleet;
    private final IntSupplier faults;
    private final long started = System.nanoTime();

    ProgressLine(Display display, Stop stop, PublishJob publishing, Ledger ledger, Fleet fleet, IntSupplier faults) {
        this.display = display;
        this.stop = stop;
        this.publishing = publishing;
        this.ledger = ledger;
        this.fleet = fleet;
        this.faults = faults;
    }

    @Override
    public void run() {
        Duration interval = display.isTerminal() ? ON_TERMINAL : ELSEWHERE;
        try {
            while (true) {
                show();
                stop.pause(interval);
            }
        } catch (Stop.StoppedException over) {
            // the run is over
        }
    }

    void show() {
        display.live(String.format(
                "%3d s  published %d  confirmed %d  effects %d  suppressed %d  faults %d",
                Duration.ofNanos(System.nanoTime() - started).toSeconds(),
                publishing.published(),
                publishing.confirmed(),
                ledger.size(),
                fleet.count(Journal.Kind.SUPPRESSED),
                faults.getAsInt()));
    }
}
