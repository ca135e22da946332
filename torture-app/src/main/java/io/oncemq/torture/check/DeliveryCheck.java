package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds confirmed messages whose shard brought nothing that was due before them for longer than the run allows, not counting the time of any fault.
 *
 * <p>While older messages of its shard arrive, a message waits for its turn and not for the broker: how fast a backlog is handled depends on the
 * machine. Later messages do not count: a message that they overtake is late. It cannot see that a backlog is handled too slowly.
 */
final class DeliveryCheck implements Check {
    /** By shard: when a message was first received, by when it was confirmed. Later confirms have later receipts: the others say nothing more. */
    private final Map<String, TreeMap<Long, Long>> receipts = new HashMap<>();

    private final Frame frame;
    private final Anomalies anomalies;

    DeliveryCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (message == null || event.kind() != Kind.RECEIVED || message.receivedAt != event.nanos()) {
            return;
        }
        if (message.confirmedAt == Message.NEVER || frame.setting("delivery") == 0) {
            return;
        }
        long confirmed = message.confirmedAt;
        TreeMap<Long, Long> shard = receipts.computeIfAbsent(event.shard(), name -> new TreeMap<>());
        Map.Entry<Long, Long> before = shard.lowerEntry(confirmed);
        long from = before == null ? confirmed : Math.max(confirmed, before.getValue());
        long waited = frame.disturbed().outside(from, event.nanos());
        if (waited > frame.setting("delivery")) {
            String text = "was received " + (event.nanos() - confirmed) / 1_000_000
                    + " ms after its confirm; nothing came before it, and nothing was wrong, for " + waited / 1_000_000
                    + " ms";
            anomalies.add(Rule.DELIVERY, message, event.process(), event.nanos(), text);
        }
        shard.tailMap(confirmed, true).clear();
        shard.put(confirmed, event.nanos());
    }
}
