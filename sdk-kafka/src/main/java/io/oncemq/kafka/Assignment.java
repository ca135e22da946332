package io.oncemq.kafka;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this member owns, each under an epoch of its own (K7): an acknowledgement or a pause that names an
 * earlier epoch finds nothing. Rebalance callbacks run within poll, so on the poll thread like all else but {@link #find}.
 */
final class Assignment implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

    private final Consumers consumers;
    private final SourceListener listener;
    private final OffsetCommits commits;
    private final Map<TopicPartition, OwnedPartition> owned = new HashMap<>();
    private final Map<Shard, OwnedPartition> byShard = new ConcurrentHashMap<>();
    private final Duration commitDeadline;
    private long epochs;
    private boolean closing;

    /** @param commitDeadline how long the commit of revoked partitions may take */
    Assignment(Consumers consumers, SourceListener listener, OffsetCommits commits, Duration commitDeadline) {
        this.consumers = consumers;
        this.listener = listener;
        this.commits = commits;
        this.commitDeadline = commitDeadline;
    }

    /** Thread-safe. Null if the shard is of an earlier epoch. */
    @Nullable
    OwnedPartition find(Shard shard) {
        return byShard.get(shard);
    }

    @Nullable
    OwnedPartition find(TopicPartition partition) {
        return owned.get(partition);
    }

    Collection<OwnedPartition> all() {
        return owned.values();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (closing) {
            consumers.get().pause(partitions);
        } else {
            take(partitions);
        }
    }

    /**
     * Owns partitions from now on. None is fetched before it has its position; until then it is paused at a made-up one, so
     * that the client neither asks for a position by itself nor complains that there is none.
     */
    private void take(Collection<TopicPartition> partitions) {
        List<Shard> shards = new ArrayList<>(partitions.size());
        for (TopicPartition each : partitions) {
            OwnedPartition partition = new OwnedPartition(each, ++epochs);
            consumers.get().seek(each, 0);
            partition.applyPause(consumers.get());
            owned.put(each, partition);
            byShard.put(partition.shard, partition);
            shards.add(partition.shard);
        }
        if (!shards.isEmpty()) {
            listener.onAssigned(shards);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        giveUp(find(partitions));
    }

    /** What the client has not called lost by then, before the consumer is closed for another one. */
    void giveUp() {
        giveUp(List.copyOf(owned.values()));
    }

    private void giveUp(List<OwnedPartition> leaving) {
        drain(leaving);
        try {
            commits.now(leaving, commitDeadline);
        } catch (KafkaException e) {
            LOG.warn(
                    "offsets of revoked partitions are not committed; their new owner repeats some messages: partitions={} cause={}",
                    leaving.stream().map(each -> each.partition).toList(),
                    e.toString());
        }
        drop(leaving);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        lose(find(partitions));
    }

    private void lose(List<OwnedPartition> gone) {
        List<Shard> shards = shards(gone);
        drop(gone);
        if (!shards.isEmpty()) {
            listener.onLost(shards);
        }
    }

    /** Takes partitions anew: what is in flight belongs to offsets that mean something else by now. */
    void renew(List<OwnedPartition> partitions) {
        lose(partitions);
        take(partitions.stream().map(each -> each.partition).toList());
    }

    /** Drains everything; partitions that come later are not taken. */
    void close() {
        closing = true;
        drain(List.copyOf(owned.values()));
        owned.values().forEach(each -> each.applyPause(consumers.get()));
    }

    /** Owns nothing any more, so that closing the consumer has nothing left to commit. */
    void forget() {
        drop(List.copyOf(owned.values()));
    }

    private void drain(List<OwnedPartition> partitions) {
        List<OwnedPartition> running =
                partitions.stream().filter(each -> !each.isDrained()).toList();
        if (running.isEmpty()) {
            return;
        }
        for (Acknowledgement each : listener.onRevoking(shards(running))) {
            OwnedPartition partition = byShard.get(each.shard());
            if (partition != null) {
                partition.acknowledge(each);
            }
        }
        for (OwnedPartition each : running) {
            each.drained();
            byShard.remove(each.shard);
        }
    }

    private void drop(List<OwnedPartition> partitions) {
        for (OwnedPartition each : partitions) {
            owned.remove(each.partition);
            byShard.remove(each.shard);
        }
    }

    private List<OwnedPartition> find(Collection<TopicPartition> partitions) {
        List<OwnedPartition> found = new ArrayList<>(partitions.size());
        for (TopicPartition each : partitions) {
            OwnedPartition partition = owned.get(each);
            if (partition != null) {
                found.add(partition);
            }
        }
        return found;
    }

    private static List<Shard> shards(List<OwnedPartition> partitions) {
        return partitions.stream()
                .filter(each -> !each.isDrained())
                .map(each -> each.shard)
                .toList();
    }
}
