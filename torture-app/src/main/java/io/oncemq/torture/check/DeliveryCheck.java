package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds confirmed messages whose shard brought nothing that was due before them for longer than the run allows. Not counted is the time in
 * which the holder of this shard was kept from the broker or held up, if its source brought nothing of any shard. Nor is that in which the
 * shard had no holder, if the broker or the destination was disturbed, or, up to the time to recover, if the machine was crowded. What is
 * done to the holders of other shards excuses nothing.
 *
 * <p>While older messages of its shard arrive or are acknowledged, a message waits for its turn and not for the broker: how fast a backlog
 * is handled depends on the machine, and a shard whose share is in flight is paused. Later messages do not count: a message that they
 * overtake is late. It cannot see that a backlog is handled too slowly.
 */
final class DeliveryCheck implements Check {
    /** By shard: when a message was received or acknowledged, by when it was confirmed. Later confirms have later times: the others say nothing more. */
    private final Map<String, TreeMap<Long, Long>> latest = new HashMap<>();
    /** By process, place and tag: when a message that is not acknowledged was confirmed. */
    private final Map<String, Map<Place, TreeMap<Long, Long>>> open = new HashMap<>();

    private final Frame frame;
    private final Anomalies anomalies;

    DeliveryCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        switch (event.kind()) {
            case RECEIVED -> {
                if (message != null && message.confirmedAt != Message.NEVER && frame.setting("delivery") > 0) {
                    received(event, message);
                }
            }
            case ACKNOWLEDGED -> acknowledged(event);
            case REVOKED, LOST -> open(event.process()).remove(Place.of(event));
            case KILLING, DEAD -> open.remove(Frame.firstWord(event.text()));
            default -> {}
        }
    }

    private Map<Place, TreeMap<Long, Long>> open(String process) {
        return open.computeIfAbsent(process, name -> new HashMap<>());
    }

    private void received(Event event, Message message) {
        long confirmed = message.confirmedAt;
        open(event.process())
                .computeIfAbsent(Place.of(event), place -> new TreeMap<>())
                .put(event.tag(), confirmed);
        if (message.receivedAt != event.nanos()) {
            return;
        }
        Map.Entry<Long, Long> before = of(event.shard()).lowerEntry(confirmed);
        long from = before == null ? confirmed : Math.max(confirmed, before.getValue());
        long waited = frame.mayBeSilent(event.shard()).outside(from, event.nanos());
        if (waited > frame.setting("delivery")) {
            String text = "was received " + (event.nanos() - confirmed) / 1_000_000
                    + " ms after its confirm; nothing came before it, and nothing was wrong, for " + waited / 1_000_000
                    + " ms";
            anomalies.add(Rule.DELIVERY, message, event.process(), event.nanos(), text);
        }
        moves(event, confirmed);
    }

    private void acknowledged(Event event) {
        TreeMap<Long, Long> tags = open(event.process()).get(Place.of(event));
        if (tags == null) {
            return;
        }
        Map<Long, Long> through = tags.headMap(event.tag(), true);
        through.values().forEach(confirmed -> moves(event, confirmed));
        through.clear();
        for (String tag : event.text().isEmpty() ? new String[0] : event.text().split(" ")) {
            Long confirmed = tags.remove(Long.parseLong(tag));
            if (confirmed != null) {
                moves(event, confirmed);
            }
        }
    }

    private TreeMap<Long, Long> of(String shard) {
        return latest.computeIfAbsent(shard, name -> new TreeMap<>());
    }

    private void moves(Event event, long confirmed) {
        TreeMap<Long, Long> shard = of(event.shard());
        shard.tailMap(confirmed, true).clear();
        shard.put(confirmed, event.nanos());
    }
}
