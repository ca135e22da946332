package io.oncemq.kafka;

import io.oncemq.Backlog;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.spi.support.ExistingPartitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics as the cluster's administration sees them. Thread-safe. What returns no future blocks and throws the client's
 * exceptions, {@link InterruptException} among them.
 */
final class Topics implements TopicView, PositionView {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    /** How long a broker may take to hear of a topic that another one has created. */
    static final Duration NEWS_DEADLINE = Duration.ofSeconds(1);

    private static final Duration ENSURE_DEADLINE = Duration.ofSeconds(30);
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(10);

    private final Admin admin;

    Topics(Admin admin) {
        this.admin = admin;
    }

    void ensure(DestinationSpec asked) {
        long deadline = System.nanoTime() + ENSURE_DEADLINE.toNanos();
        DestinationSpec spec = ExistingPartitions.orExisting(asked, () -> {
            TopicDescription known = describe(asked.name());
            return known == null ? 0 : known.partitions().size();
        });
        create(spec);
        int partitions = awaitDescription(spec.name(), deadline).partitions().size();
        // Where no number is asked for, another process may have created the topic meanwhile.
        if (asked.partitions() > 0 && partitions != asked.partitions()) {
            throw new ConfigurationException(
                    "DestinationSpec.partitions",
                    asked.partitions(),
                    "topic " + spec.name() + " exists with " + partitions,
                    "Ask for " + partitions + ", or use another topic: adding partitions moves keys");
        }
        awaitLeaders(spec.name(), partitions, deadline);
    }

    private void create(DestinationSpec spec) {
        Optional<Short> replicas = spec.replicas() == 0
                ? Optional.empty()
                : Optional.of(Integer.valueOf(spec.replicas()).shortValue());
        NewTopic topic = new NewTopic(spec.name(), Optional.of(spec.partitions()), replicas).configs(spec.settings());
        CreateTopicsOptions options = new CreateTopicsOptions().timeoutMs(millis(ENSURE_DEADLINE));
        try {
            get(admin.createTopics(List.of(topic), options).all());
        } catch (TopicExistsException e) {
            LOG.debug("topic {} exists", spec.name());
        }
    }

    /** A broker may not have heard yet of a topic that another has created. */
    private TopicDescription awaitDescription(String topic, long deadline) {
        TopicDescription description = describe(topic);
        while (description == null) {
            if (System.nanoTime() - deadline > 0) {
                throw new ConnectionException("topic " + topic + " was created but no broker knows it yet");
            }
            Pauses.shortly();
            description = describe(topic);
        }
        return description;
    }

    /** K15: createTopics returns before the leaders have taken over. */
    private void awaitLeaders(String topic, int partitions, long deadline) {
        while (leaders(topic, partitions, ANSWER_DEADLINE).cardinality() < partitions) {
            if (System.nanoTime() - deadline > 0) {
                throw new ConnectionException("not every partition of topic " + topic + " has a leader that answers");
            }
            Pauses.shortly();
        }
    }

    boolean exists(String topic) {
        return find(topic) != null;
    }

    /** Null if the broker does not know the topic, and has not heard of it for a while either. */
    @Nullable
    TopicDescription find(String topic) {
        long deadline = System.nanoTime() + NEWS_DEADLINE.toNanos();
        TopicDescription description = describe(topic);
        while (description == null && System.nanoTime() - deadline < 0) {
            Pauses.shortly();
            description = describe(topic);
        }
        return description;
    }

    /** Null if the broker does not know the topic. */
    @Nullable
    TopicDescription describe(String topic) {
        return describe(topic, ANSWER_DEADLINE);
    }

    @Override
    public @Nullable TopicDescription describe(String topic, Duration timeout) {
        try {
            return get(describeLater(topic, timeout));
        } catch (UnknownTopicOrPartitionException e) {
            return null;
        }
    }

    @Override
    public CompletionStage<TopicDescription> topicLater(String topic, Duration timeout) {
        return describeLater(topic, timeout).toCompletionStage();
    }

    KafkaFuture<TopicDescription> describeLater(String topic, Duration timeout) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(millis(timeout));
        return Objects.requireNonNull(
                admin.describeTopics(List.of(topic), options).topicNameValues().get(topic));
    }

    @Override
    public void countLater(Collection<String> names, ObjIntConsumer<String> told) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(millis(ANSWER_DEADLINE));
        admin.describeTopics(names, options)
                .topicNameValues()
                .forEach((name, answer) -> answer.whenComplete((topic, error) -> {
                    if (error == null) {
                        told.accept(name, topic.partitions().size());
                    }
                }));
    }

    @Override
    public BitSet leaders(String topic, int partitions, Duration timeout) {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        for (int p = 0; p < partitions; p++) {
            question.put(new TopicPartition(topic, p), OffsetSpec.latest());
        }
        BitSet leaders = new BitSet(partitions);
        offsets(question, timeout).keySet().forEach(partition -> leaders.set(partition.partition()));
        return leaders;
    }

    /** The offsets of {@link #offsetsLater}. */
    Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetSpec> question, Duration timeout) {
        return get(offsetsLater(question, timeout));
    }

    @Override
    public CompletableFuture<Map<TopicPartition, Long>> offsetsLater(
            Map<TopicPartition, OffsetSpec> question, Duration timeout) {
        if (question.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(millis(timeout));
        ListOffsetsResult answers = admin.listOffsets(question, options);
        Map<TopicPartition, Long> offsets = new ConcurrentHashMap<>();
        CompletableFuture<?>[] all = question.keySet().stream()
                .map(partition -> answers.partitionResult(partition)
                        .toCompletionStage()
                        .handle((found, error) -> {
                            note(partition, found, error, offsets);
                            return found;
                        }))
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).thenApply(none -> offsets);
    }

    private static void note(
            TopicPartition partition,
            @Nullable ListOffsetsResultInfo found,
            @Nullable Throwable error,
            Map<TopicPartition, Long> offsets) {
        if (found != null) {
            offsets.put(partition, found.offset());
            return;
        }
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (!(cause instanceof RetriableException)) {
            throw new CompletionException(cause);
        }
        LOG.debug("{} has no leader that answers: {}", partition, cause.toString());
    }

    @Override
    public void leadersLater(
            Collection<TopicPartition> partitions, Duration timeout, Consumer<Set<TopicPartition>> told) {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        partitions.forEach(each -> question.put(each, OffsetSpec.latest()));
        ListOffsetsResult answers = admin.listOffsets(question, new ListOffsetsOptions().timeoutMs(millis(timeout)));
        Set<TopicPartition> led = ConcurrentHashMap.newKeySet();
        KafkaFuture<?>[] all = question.keySet().stream()
                .map(each -> answers.partitionResult(each).whenComplete((offset, error) -> {
                    if (error == null) {
                        led.add(each);
                    }
                }))
                .toArray(KafkaFuture<?>[]::new);
        KafkaFuture.allOf(all).whenComplete((none, error) -> told.accept(led));
    }

    boolean hasOffsets(String topic, GroupName name) {
        return !committed(topic, name).isEmpty();
    }

    @Override
    public CompletionStage<Map<TopicPartition, @Nullable OffsetAndMetadata>> committedLater(
            String group, Collection<TopicPartition> partitions, Duration timeout) {
        ListConsumerGroupOffsetsOptions options =
                new ListConsumerGroupOffsetsOptions().requireStable(true).timeoutMs(millis(timeout));
        ListConsumerGroupOffsetsSpec asked = new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
        return admin.listConsumerGroupOffsets(Map.of(group, asked), options)
                .partitionsToOffsetAndMetadata(group)
                .toCompletionStage();
    }

    @Override
    public CompletionStage<Long> membersLater(String group, String topic, Duration timeout) {
        DescribeConsumerGroupsOptions options = new DescribeConsumerGroupsOptions().timeoutMs(millis(timeout));
        KafkaFuture<ConsumerGroupDescription> described = Objects.requireNonNull(
                admin.describeConsumerGroups(List.of(group), options)
                        .describedGroups()
                        .get(group),
                group);
        return described
                .toCompletionStage()
                .thenApply(found -> mayRead(found, topic))
                .exceptionally(error -> {
                    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
                    if (cause instanceof GroupIdNotFoundException) {
                        return 0L;
                    }
                    throw new CompletionException(cause);
                });
    }

    /** While a group rebalances, its members show no partitions, and may be about to read again from those that they had. */
    private static long mayRead(ConsumerGroupDescription group, String topic) {
        if (group.groupState() != GroupState.STABLE) {
            return group.members().size();
        }
        return group.members().stream()
                .filter(member -> member.assignment().topicPartitions().stream()
                        .anyMatch(each -> each.topic().equals(topic)))
                .count();
    }

    /** The positions of a subscription, of those partitions where it has one: its own, or else that of its other consumer group. */
    Map<Integer, Long> committed(String topic, GroupName name) {
        Map<Integer, Long> committed = new HashMap<>();
        for (String group : name.all()) {
            ListConsumerGroupOffsetsOptions options =
                    new ListConsumerGroupOffsetsOptions().timeoutMs(millis(ANSWER_DEADLINE));
            get(admin.listConsumerGroupOffsets(group, options).partitionsToOffsetAndMetadata())
                    .forEach((partition, position) -> {
                        if (position != null && partition.topic().equals(topic)) {
                            committed.putIfAbsent(partition.partition(), position.offset());
                        }
                    });
        }
        return committed;
    }

    /** What a group has not committed yet of each partition whose leader answers; without a position, all that is there. */
    List<Backlog> backlog(String topic, GroupName name) {
        TopicDescription description = describe(topic);
        if (description == null) {
            return List.of();
        }
        Map<Integer, Long> committed = committed(topic, name);
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        Map<TopicPartition, OffsetSpec> starts = new HashMap<>();
        for (int p = 0; p < description.partitions().size(); p++) {
            ends.put(new TopicPartition(topic, p), OffsetSpec.latest());
            if (!committed.containsKey(p)) {
                starts.put(new TopicPartition(topic, p), OffsetSpec.earliest());
            }
        }
        Map<TopicPartition, Long> first = starts.isEmpty() ? Map.of() : offsets(starts, ANSWER_DEADLINE);
        List<Backlog> backlog = new ArrayList<>();
        offsets(ends, ANSWER_DEADLINE).forEach((partition, end) -> {
            long position = committed.getOrDefault(partition.partition(), -1L);
            long from = position < 0 ? first.getOrDefault(partition, end) : position;
            backlog.add(new Backlog(partition.toString(), position, Math.max(0, end - from)));
        });
        backlog.sort(Comparator.comparing(Backlog::partition));
        return backlog;
    }

    /** Throws unless some broker answers. */
    void ping(Duration timeout) {
        cluster(timeout);
    }

    /** The random id that the cluster was formatted with; empty if it has none. */
    String cluster(Duration timeout) {
        String id = get(admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis(timeout)))
                .clusterId());
        return id == null ? "" : id;
    }

    /** What the cluster's brokers call themselves: {@code host:port}. */
    Set<String> brokers(Duration timeout) {
        return get(admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis(timeout)))
                        .nodes())
                .stream()
                .map(node -> node.host() + ":" + node.port())
                .collect(Collectors.toSet());
    }

    void close(Duration timeout) {
        admin.close(timeout);
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw KafkaErrors.raised(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
