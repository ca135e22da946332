package io.oncemq.kafka;

import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What publishing has to know of topics. Thread-safe. The first two methods block for their time-out at most and throw the client's
 * exceptions; the others do not block, and answer on a thread of the client that must not be blocked.
 */
interface TopicView {
    /** Null if the broker does not know the topic. */
    @Nullable
    TopicDescription describe(String topic, Duration timeout);

    /** Which partitions have a leader that answers. */
    BitSet leaders(String topic, int partitions, Duration timeout);

    /** Tells how many partitions each of the topics has that exist. */
    void countLater(Collection<String> names, ObjIntConsumer<String> told);

    /** Tells once which of the partitions have a leader that answers within the time-out. */
    void leadersLater(Collection<TopicPartition> partitions, Duration timeout, Consumer<Set<TopicPartition>> told);
}
