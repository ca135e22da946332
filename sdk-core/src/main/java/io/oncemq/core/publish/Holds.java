package io.oncemq.core.publish;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.resilience4j.core.IntervalFunction;
import java.util.HashMap;
import java.util.Map;

/**
 * Destinations that took a message back for a passing reason, such as missing metadata. They rest for a back-off, whole, so
 * that no key of theirs is overtaken, while other destinations go on. Sender thread only.
 */
final class Holds {
    private static final long QUIET = SECONDS.toNanos(10);

    private final IntervalFunction backOff;
    private final Map<String, Hold> holds = new HashMap<>();
    private int resting;

    Holds(BackOffs backOffs) {
        this.backOff = backOffs.destination();
    }

    boolean any() {
        return resting > 0;
    }

    boolean isHeld(String destination) {
        Hold hold = resting == 0 ? null : holds.get(destination);
        return hold != null && hold.resting;
    }

    void hold(String destination, long now) {
        Hold hold = holds.computeIfAbsent(destination, name -> new Hold());
        if (!hold.resting) {
            hold.attempt = now - hold.until > QUIET ? 1 : Math.min(hold.attempt + 1, 30);
            hold.until = now + MILLISECONDS.toNanos(backOff.apply(hold.attempt));
            hold.resting = true;
            resting++;
        }
    }

    /** Ends holds whose time has come. @return whether one ended, so that its messages are looked at again */
    boolean end(long now) {
        boolean ended = false;
        for (Hold hold : holds.values()) {
            if (hold.resting && now - hold.until >= 0) {
                hold.resting = false;
                resting--;
                ended = true;
            }
        }
        return ended;
    }

    private static final class Hold {
        private long until;
        private int attempt;
        private boolean resting;
    }
}
