package io.oncemq.core.publish;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.resilience4j.core.IntervalFunction;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import java.util.HashMap;
import java.util.Map;

/**
 * Parts of destinations that took a message back for a passing reason, such as missing metadata. They rest for a back-off, each by itself, while all
 * others go on: one broker of several that is unreachable holds the keys that it has, and no others. Sender thread only.
 */
final class Holds {
    private static final long QUIET = SECONDS.toNanos(10);

    private final IntervalFunction backOff;
    private final Map<Part, Hold> holds = new HashMap<>();
    private int resting;

    Holds(BackOffs backOffs) {
        this.backOff = backOffs.destination();
    }

    boolean any() {
        return resting > 0;
    }

    boolean isHeld(Part part) {
        Hold hold = resting == 0 ? null : holds.get(part);
        return hold != null && hold.resting;
    }

    void hold(Part part, long now) {
        Hold hold = holds.computeIfAbsent(part, name -> new Hold());
        if (!hold.resting) {
            hold.attempt = now - hold.troubledUntil > QUIET ? 1 : Math.min(hold.attempt + 1, 30);
            hold.until = now + MILLISECONDS.toNanos(backOff.apply(hold.attempt));
            hold.troubledUntil = hold.until;
            hold.resting = true;
            resting++;
        }
    }

    /** Holds it for this long, which is no sign of trouble: its next back-off is as long as it would be without. */
    void rest(Part part, long now, long nanos) {
        Hold hold = holds.computeIfAbsent(part, name -> new Hold());
        if (!hold.resting) {
            hold.until = now + nanos;
            hold.resting = true;
            resting++;
        }
    }

    /** For how long nothing ends, at most {@code most}. */
    long left(long now, long most) {
        long least = most;
        for (Hold hold : holds.values()) {
            if (hold.resting) {
                least = Math.min(least, Math.max(0, hold.until - now));
            }
        }
        return least;
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

    /** What rests together: a destination, or one partition of it, or its messages without a key. */
    record Part(String destination, int partition) {
        private static final int WHOLE = -1;
        private static final int WITHOUT_KEY = -2;

        /** The destination as a whole: where several messages of a key may be open, none of them may overtake what came back. */
        static Part whole(String destination) {
            return new Part(destination, WHOLE);
        }

        /** @param partitions over which keys are placed; 0 if that is not known */
        static Part of(OutboundFrame frame, int partitions) {
            if (partitions == 0) {
                return whole(frame.destination());
            }
            int partition = frame.key() == null ? WITHOUT_KEY : KeyHash.place(frame.keyHash(), partitions);
            return new Part(frame.destination(), partition);
        }
    }

    private static final class Hold {
        private long until;
        /** The end of its last back-off; a rest for room does not count. */
        private long troubledUntil;

        private int attempt;
        private boolean resting;
    }
}
