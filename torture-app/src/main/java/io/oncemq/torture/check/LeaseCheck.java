package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds handlers that begin although their claim lapsed half a lease before: another process may have the message by then. A process looks
 * at the lease right before the handler, by its own clock, so a standstill explains only those that stood between this look and the first
 * word of the handler: two for each.
 *
 * <p>It cannot see a lease that is believed a little longer than it lasts, nor one that the store's clock cut short.
 */
final class LeaseCheck implements Check {
    private static final int IN_BETWEEN = 2;

    /** By process: since when the standstill lasted that was the latest to explain a handler, and how many it has explained. */
    private final Map<String, Explained> explained = new HashMap<>();

    private final Frame frame;
    private final Anomalies anomalies;

    LeaseCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (message == null || event.kind() != Kind.HANDLER_STARTED || event.token() == 0) {
            return;
        }
        Grant grant = message.grantWith(event.process(), event.token());
        long lease = frame.setting("lease");
        if (grant == null || event.nanos() - grant.extendedAt <= lease * 3 / 2) {
            return;
        }
        Incarnation its = frame.incarnation(event.process());
        if (its.heldUp().touches(grant.extendedAt + lease / 2, event.nanos())
                && explained
                        .computeIfAbsent(event.process(), name -> new Explained())
                        .one(event.nanos(), lease)) {
            return;
        }
        String text = "begins with a claim that was last prolonged " + (event.nanos() - grant.extendedAt) / 1_000_000
                + " ms before";
        anomalies.add(Rule.UNCLAIMED, message, event.process(), event.nanos(), text);
    }

    private static final class Explained {
        private long since = Long.MIN_VALUE / 2;
        private int count;

        boolean one(long now, long lease) {
            if (now - since > lease) {
                since = now;
                count = 0;
            }
            count++;
            return count <= IN_BETWEEN;
        }
    }
}
