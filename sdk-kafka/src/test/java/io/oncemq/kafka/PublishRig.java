package io.oncemq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A session over a producer and topics that do what the test says, on the test's thread alone. */
final class PublishRig implements PublishListener, TopicView {
    static final String TOPIC = "orders";

    /** What the session gave to the producer, in order, with the outcomes that the test decides. */
    private record Open(ProducerRecord<byte[], byte[]> record, Callback callback) {}

    final List<String> stored = new ArrayList<>();
    final List<Object> confirmed = new ArrayList<>();
    final Map<Object, Reason> rejected = new LinkedHashMap<>();
    final Map<Object, Throwable> notSent = new LinkedHashMap<>();
    final List<Throwable> failures = new ArrayList<>();
    final Set<Integer> leaderless = new HashSet<>();

    /** Their leaders answer questions, but no record. */
    final Set<Integer> unanswered = new HashSet<>();

    final KafkaPublishSession session;

    /** What describing the topic does first. */
    Runnable describing = () -> {};

    /** Whether the producer finds no room or no metadata for a body in time. */
    Predicate<String> timesOut = body -> false;

    Uuid topicId = Uuid.randomUuid();
    int partitions = 2;

    private final Deque<Runnable> opening = new ArrayDeque<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private final Deque<Runnable> questions = new ArrayDeque<>();
    private boolean closed;

    PublishRig() {
        Tasks threads = new Tasks();
        session = new KafkaPublishSession(new Producer(), this, this, threads, threads, ignored -> {});
    }

    /** Sends a body under a key that is placed in the partition. */
    void send(int partition, String body) {
        session.send(frame(partition, body), body);
        runOpeners();
    }

    void sendUnkeyed(String body) {
        session.send(unkeyed(body), body);
        runOpeners();
    }

    OutboundFrame unkeyed(String body) {
        return new OutboundFrame(TOPIC, body, null, 0, Headers.empty(), body.getBytes(UTF_8), 10);
    }

    OutboundFrame frame(int partition, String body) {
        return new OutboundFrame(
                TOPIC, body, key(partition), KeyHash.of(key(partition)), Headers.empty(), body.getBytes(UTF_8), 10);
    }

    private String key(int partition) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "k" + i)
                .filter(key -> KeyHash.place(KeyHash.of(key), partitions) == partition)
                .findFirst()
                .orElseThrow();
    }

    void runOpeners() {
        for (Runnable next = opening.poll(); next != null; next = opening.poll()) {
            next.run();
        }
    }

    /** The broker stores and confirms what the producer holds of the partitions that have a leader. */
    void confirmAll() {
        for (Open next = takeLed(); next != null; next = takeLed()) {
            stored.add(new String(next.record.value(), UTF_8));
            TopicPartition place = new TopicPartition(TOPIC, next.record.partition());
            next.callback.onCompletion(new RecordMetadata(place, stored.size(), 0, 0, 1, 1), null);
            runOpeners();
        }
    }

    private @Nullable Open takeLed() {
        Open found = open.stream()
                .filter(each ->
                        !leaderless.contains(each.record.partition()) && !unanswered.contains(each.record.partition()))
                .findFirst()
                .orElse(null);
        open.remove(found);
        return found;
    }

    /** A second passes. */
    void tick() {
        session.watch(true);
        for (Runnable next = questions.poll(); next != null; next = questions.poll()) {
            next.run();
        }
        runOpeners();
    }

    @Override
    public void confirmed(Object context, Position position) {
        confirmed.add(context);
    }

    @Override
    public void rejected(Object context, Reason reason, Throwable cause) {
        rejected.put(context, reason);
    }

    @Override
    public void notSent(Object context, Throwable cause) {
        notSent.put(context, cause);
    }

    @Override
    public void unknown(Object context, Throwable cause) {
        throw new AssertionError("Kafka's session calls nothing unknown by itself", cause);
    }

    @Override
    public void sessionFailed(Throwable cause) {
        failures.add(cause);
    }

    @Override
    public boolean shards(String destination, int count) {
        return true;
    }

    @Override
    public void writable(boolean writable) {}

    @Override
    public TopicDescription describe(String topic, Duration timeout) {
        describing.run();
        Node node = new Node(1, "localhost", 9092);
        List<TopicPartitionInfo> all = IntStream.range(0, partitions)
                .mapToObj(p -> new TopicPartitionInfo(p, node, List.of(node), List.of(node)))
                .toList();
        return new TopicDescription(topic, false, all, Set.of(), topicId);
    }

    @Override
    public BitSet leaders(String topic, int count, Duration timeout) {
        BitSet led = new BitSet(count);
        IntStream.range(0, count).filter(p -> !leaderless.contains(p)).forEach(led::set);
        return led;
    }

    @Override
    public void countLater(Collection<String> names, ObjIntConsumer<String> told) {
        questions.add(() -> names.forEach(name -> told.accept(name, partitions)));
    }

    @Override
    public void leadersLater(Collection<TopicPartition> asked, Duration timeout, Consumer<Set<TopicPartition>> told) {
        questions.add(() -> {
            Set<TopicPartition> led = new HashSet<>(asked);
            led.removeIf(each -> leaderless.contains(each.partition()));
            told.accept(led);
        });
    }

    /** Keeps what it is given until the test confirms it. */
    private final class Producer extends MockProducer<byte[], byte[]> {
        Producer() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (timesOut.test(new String(record.value(), UTF_8))) {
                callback.onCompletion(
                        new RecordMetadata(new TopicPartition(TOPIC, -1), -1, -1, -1, -1, -1),
                        new TimeoutException("not present in metadata after 1500 ms"));
            } else {
                open.add(new Open(record, callback));
            }
            return java.util.concurrent.CompletableFuture.completedFuture(null);
        }

        @Override
        public void close(Duration timeout) {}
    }

    private final class Tasks extends AbstractExecutorService {
        @Override
        public void execute(Runnable task) {
            opening.add(task);
        }

        @Override
        public void shutdown() {
            closed = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            closed = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return closed;
        }

        @Override
        public boolean isTerminated() {
            return closed;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return closed;
        }
    }
}
