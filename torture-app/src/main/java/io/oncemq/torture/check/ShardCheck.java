package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a shard that is given to a process while another one believes to hold it, where the broker gives it to one at a time.
 *
 * <p>Explained if the other may have been dead, had stood still, or something disturbed the broker or the way to it: a broker may give a shard away before
 * the one that loses it can know. It sees what the adapter tells the engine; claims protect what happens in between.
 */
final class ShardCheck implements Check {
    private final Map<String, List<Event>> holders = new HashMap<>();
    private final Frame frame;
    private final Anomalies anomalies;

    ShardCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (frame.setting("exclusiveShards") == 0) {
            return;
        }
        if (event.kind() == Kind.ASSIGNED) {
            assigned(event);
        } else if (event.kind() == Kind.REVOKED || event.kind() == Kind.LOST) {
            List<Event> held = holders.getOrDefault(event.shard(), new ArrayList<>());
            held.removeIf(other -> other.process().equals(event.process()) && other.epoch() == event.epoch());
        }
    }

    private void assigned(Event event) {
        List<Event> held = holders.computeIfAbsent(event.shard(), name -> new ArrayList<>(1));
        for (Iterator<Event> others = held.iterator(); others.hasNext(); ) {
            Event other = others.next();
            if (frame.incarnation(other.process()).deadBy(event.nanos())
                    || other.process().equals(event.process())) {
                others.remove();
            } else if (!frame.shardMayMove(other.process(), event.nanos())) {
                String text = "shard " + event.shard() + " is assigned while " + other.process() + " holds it";
                anomalies.add(Rule.DUAL_OWNER, "", event.process(), event.nanos(), text);
            }
        }
        held.add(event);
    }
}
