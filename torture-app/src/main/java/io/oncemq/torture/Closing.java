package io.oncemq.torture;

import io.oncemq.torture.history.Recorder;
import java.time.Duration;

/** Closes what promises to be closed in time, and writes it down if it is not. */
final class Closing {
    private Closing() {}

    /**
     * Returns when it is closed, or the patience is over.
     *
     * @throws Stop.StoppedException if the waiting thread was interrupted
     */
    static void watch(String what, Runnable close, Duration patience, Recorder recorder) {
        Thread closing = new Thread(close, "close");
        closing.start();
        try {
            closing.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        }
        if (closing.isAlive()) {
            recorder.stillOpen(what);
        }
    }
}
