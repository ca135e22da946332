package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A cluster through the raw clients: what other programs and operators do. */
public final class RawKafka implements AutoCloseable {
    private final String bootstrap;
    private final Admin admin;

    RawKafka(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    public Producer<byte[], byte[]> producer(Map<String, Object> properties) {
        Map<String, Object> config = new HashMap<>(properties);
        config.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Stores messages {@code from} to {@code to - 1} in one partition, their bodies being their numbers. */
    void produce(String topic, int partition, int from, int to) {
        produce(topic, partition, from, to, number -> null);
    }

    /** The same with a time for each number; null is the producer's own. */
    void produce(String topic, int partition, int from, int to, IntFunction<@Nullable Instant> times) {
        try (Producer<byte[], byte[]> producer = producer(Map.of())) {
            for (int i = from; i < to; i++) {
                Instant time = times.apply(i);
                producer.send(new ProducerRecord<>(
                        topic,
                        partition,
                        time == null ? null : time.toEpochMilli(),
                        ("k" + i % 10).getBytes(UTF_8),
                        String.valueOf(i).getBytes(UTF_8)));
            }
        }
    }

    /** All bodies of a partition, in their order. */
    List<String> bodies(String topic, int partition) {
        TopicPartition asked = new TopicPartition(topic, partition);
        List<String> bodies = new ArrayList<>();
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest");
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(asked));
            long end = end(topic, partition);
            while (consumer.position(asked) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> bodies.add(text(record.value())));
            }
        }
        return bodies;
    }

    /** Everything in a topic, partition after partition. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest");
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.partitionsFor(topic).forEach(each -> {
                TopicPartition asked = new TopicPartition(topic, each.partition());
                consumer.assign(List.of(asked));
                long end = end(topic, each.partition());
                while (consumer.position(asked) < end) {
                    consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                }
            });
        }
        return records;
    }

    public void create(String topic, int partitions, Map<String, String> config) {
        get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(config)))
                .all());
    }

    void delete(String topic) {
        get(admin.deleteTopics(List.of(topic)).all());
    }

    void grow(String topic, int partitions) {
        get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                .all());
    }

    /** What retention does. */
    void deleteBefore(String topic, int partition, long offset) {
        get(admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                .all());
    }

    long end(String topic, int partition) {
        TopicPartition asked = new TopicPartition(topic, partition);
        return get(admin.listOffsets(Map.of(asked, OffsetSpec.latest())).partitionResult(asked))
                .offset();
    }

    @Nullable
    OffsetAndMetadata committed(String group, String topic, int partition) {
        return get(admin.listConsumerGroupOffsets(name(group, topic)).partitionsToOffsetAndMetadata())
                .get(new TopicPartition(topic, partition));
    }

    /** −1 if there is none. */
    public long committedOffset(String group, String topic, int partition) {
        OffsetAndMetadata committed = committed(group, topic, partition);
        return committed == null ? -1 : committed.offset();
    }

    /** The consumer group of a subscription. */
    public static String name(String group, String topic) {
        return group + "@@" + topic;
    }

    /** Only the offsets of a group without members may be changed, and a closed member leaves in its own time. */
    private void awaitNoMembers(String name) {
        await().until(() -> members(name) == 0);
    }

    /** As an operator does it, by the name of the consumer group. */
    void deleteOffsets(String name, Set<TopicPartition> partitions) {
        get(admin.deleteConsumerGroupOffsets(name, partitions).all());
    }

    void commit(String group, String topic, int partition, OffsetAndMetadata offset) {
        commit(name(group, topic), new TopicPartition(topic, partition), offset);
    }

    /** Commits as any consumer group of this name. */
    void commit(String name, TopicPartition partition, OffsetAndMetadata offset) {
        awaitNoMembers(name);
        get(admin.alterConsumerGroupOffsets(name, Map.of(partition, offset)).all());
    }

    void forget(String group, String topic) {
        String name = name(group, topic);
        awaitNoMembers(name);
        get(admin.deleteConsumerGroups(List.of(name)).all());
    }

    void forget(String group, String topic, int partition) {
        String name = name(group, topic);
        awaitNoMembers(name);
        get(admin.deleteConsumerGroupOffsets(name, Set.of(new TopicPartition(topic, partition)))
                .all());
    }

    /** The nodes that lead partitions. */
    Set<Integer> leaders(String topic) {
        return describe(topic).partitions().stream()
                .map(each -> each.leader().id())
                .collect(Collectors.toSet());
    }

    int leader(String topic, int partition) {
        return describe(topic).partitions().get(partition).leader().id();
    }

    /** The node that coordinates a group. */
    int coordinator(String group, String topic) {
        String name = name(group, topic);
        return get(admin.describeConsumerGroups(List.of(name)).all())
                .get(name)
                .coordinator()
                .id();
    }

    /** Whether every partition has this many replicas in sync. */
    boolean isReplicated(String topic, int replicas) {
        return describe(topic).partitions().stream().allMatch(each -> each.isr().size() == replicas);
    }

    private TopicDescription describe(String topic) {
        return get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
    }

    int members(String group, String topic) {
        return members(name(group, topic));
    }

    /** 0 also for an unknown consumer group. */
    private int members(String name) {
        try {
            return get(admin.describeConsumerGroups(List.of(name)).all())
                    .get(name)
                    .members()
                    .size();
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof ExecutionException failed
                    && failed.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw e;
        }
    }

    private static String text(byte @Nullable [] body) {
        return body == null ? "(none)" : new String(body, UTF_8);
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
