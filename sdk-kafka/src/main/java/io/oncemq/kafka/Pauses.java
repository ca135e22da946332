package io.oncemq.kafka;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits between two tries, on threads of our own. An interrupt ends a wait. */
final class Pauses {
    private Pauses() {}

    static void shortly() {
        of(Duration.ofMillis(50));
    }

    static void of(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
