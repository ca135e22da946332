package io.oncemq.torture;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a process has received and not acknowledged, of the shards that it has. Thread-safe. */
final class Unsettled {
    private final Map<Shard, TreeSet<Long>> tags = new HashMap<>();

    synchronized void received(Shard shard, List<InboundMessage> messages) {
        TreeSet<Long> open = tags.computeIfAbsent(shard, fresh -> new TreeSet<>());
        messages.forEach(message -> open.add(message.tag()));
    }

    synchronized void acknowledged(Acknowledgement acknowledgement) {
        TreeSet<Long> open = tags.get(acknowledgement.shard());
        if (open != null) {
            open.headSet(acknowledgement.through(), true).clear();
            for (long single : acknowledgement.singles()) {
                open.remove(single);
            }
        }
    }

    synchronized void gone(Collection<Shard> shards) {
        tags.keySet().removeAll(shards);
    }

    synchronized long count() {
        return tags.values().stream().mapToLong(TreeSet::size).sum();
    }
}
