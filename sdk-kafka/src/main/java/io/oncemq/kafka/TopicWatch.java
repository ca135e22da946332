package io.oncemq.kafka;

import java.time.Duration;
import java.util.Collection;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks every few seconds whether a topic is still the same one: after it was deleted and created anew the client goes on at
 * the old offset, and once the new topic has grown past that, nothing else shows that its first messages were skipped.
 * Belongs to the poll thread; never blocks.
 */
final class TopicWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Topics topics;
    private final String topic;
    private @Nullable KafkaFuture<TopicDescription> question;
    private long last = System.nanoTime();
    private @Nullable Long missingSince;

    TopicWatch(Topics topics, String topic) {
        this.topics = topics;
        this.topic = topic;
    }

    /**
     * Takes the position of partitions that belong to an earlier topic.
     *
     * @return since when the brokers that answered have not known the topic, where the newest answer says so; else null
     */
    @Nullable
    Duration check(Collection<OwnedPartition> partitions) {
        KafkaFuture<TopicDescription> asked = question;
        if (asked == null) {
            if (System.nanoTime() - last > INTERVAL.toNanos()) {
                last = System.nanoTime();
                question = topics.describeLater(topic, INTERVAL);
            }
        } else if (asked.isDone()) {
            question = null;
            String id = idOf(asked);
            noteMissing(id != null, isUnknown(asked));
            for (OwnedPartition each : partitions) {
                if (id != null && each.isPositioned() && !each.topicId().equals(id)) {
                    each.unposition();
                }
            }
        }
        Long since = missingSince;
        return since == null ? null : Duration.ofNanos(System.nanoTime() - since);
    }

    /** A question without an answer leaves it as it was. */
    private void noteMissing(boolean found, boolean unknown) {
        if (found) {
            missingSince = null;
        } else if (unknown && missingSince == null) {
            missingSince = System.nanoTime();
        }
    }

    private static boolean isUnknown(KafkaFuture<TopicDescription> answered) {
        try {
            answered.getNow(null);
            return false;
        } catch (UnknownTopicOrPartitionException e) {
            return true;
        } catch (KafkaException | InterruptedException e) {
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            return e.getCause() instanceof UnknownTopicOrPartitionException;
        }
    }

    /** Null if the question failed: the next one will tell. */
    private static @Nullable String idOf(KafkaFuture<TopicDescription> answered) {
        if (answered.isCompletedExceptionally()) {
            return null;
        }
        try {
            return answered.getNow(null).topicId().toString();
        } catch (KafkaException | InterruptedException | java.util.concurrent.ExecutionException e) {
            return null;
        }
    }
}
