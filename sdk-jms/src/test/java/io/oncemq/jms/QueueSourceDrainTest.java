package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConnectionException;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingException;
import io.oncemq.core.LoopThreads;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** S10, S9: what happens to one shard, or to the connection, while the others are well. */
class QueueSourceDrainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Engine engine = new Engine();
    private final LoopThreads threads = new LoopThreads("queue-source-test");
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private volatile List<String> queues = List.of("q0", "q1");
    private volatile @Nullable Throwable connecting;
    private Source source;

    @BeforeEach
    void start() {
        source = new Source(LostPositions.EARLIEST);
        source.start();
        await().atMost(PATIENCE).until(() -> engine.assigned.size() == 2);
    }

    @AfterEach
    void close() {
        source.close(Duration.ofSeconds(1));
        threads.close(Duration.ofSeconds(10));
    }

    @Test
    void aShardThatIsDrainedHoldsUpNoOther() {
        source.asked();
        await().atMost(PATIENCE).until(() -> engine.drained != null);
        String drained = engine.draining.get(0).name();
        String other = drained.equals("q0") ? "q1" : "q0";
        int received = engine.received(other);
        await().atMost(PATIENCE).until(() -> engine.received(other) > received + 10);
        assertThat(closed).isEmpty();
        int before = engine.assigned.size();
        engine.drained.accept(List.of());
        await().atMost(PATIENCE).until(() -> closed.equals(List.of(drained)));
        await().atMost(PATIENCE).until(() -> engine.assigned.size() > before);
        assertThat(engine.lost).isEmpty();
    }

    @Test
    void whatIsAskedForAgainWhileItIsDrainedIsGivenOnce() {
        source.asked();
        await().atMost(PATIENCE).until(() -> engine.drained != null);
        String other = engine.draining.get(0).name().equals("q0") ? "q1" : "q0";
        source.asked();
        int received = engine.received(other);
        await().atMost(PATIENCE).until(() -> engine.received(other) > received + 500);
        assertThat(engine.draining).hasSize(1);
    }

    @Test
    void aConnectionThatIsLostAmidADrainLosesBothShards() {
        source.asked();
        await().atMost(PATIENCE).until(() -> engine.drained != null);
        source.broken(new ConnectionException("reset"));
        await().atMost(PATIENCE).until(() -> engine.lost.size() == 2);
        engine.drained.accept(List.of());
        await().atMost(PATIENCE).until(() -> engine.assigned.size() == 4);
        assertThat(closed).isEmpty();
        assertThat(engine.failure).isNull();
    }

    @Test
    void whateverBreaksAfterTheFirstSuccessIsTriedAgain() {
        connecting = new NoSuchMethodError("of a client that was exchanged");
        source.broken(new ConnectionException("reset"));
        await().atMost(PATIENCE)
                .until(() -> engine.events.stream()
                        .anyMatch(event -> event instanceof SourceInterrupted interrupted
                                && interrupted.cause().getCause() instanceof NoSuchMethodError));
        connecting = null;
        await().atMost(PATIENCE).until(() -> engine.assigned.size() == 4);
        assertThat(engine.failure).isNull();
    }

    @Test
    void aQueueThatIsGoneIsWaitedForWhereLostPositionsMayBeGivenUp() {
        queues = List.of("q1");
        source.broken(new ConnectionException("reset"));
        await().atMost(PATIENCE)
                .until(() -> engine.events.stream()
                        .anyMatch(event -> event instanceof PositionsLost lost
                                && lost.partition().equals("q0")));
        queues = List.of("q0", "q1");
        await().atMost(PATIENCE).until(() -> engine.assigned.size() == 4);
        assertThat(engine.failure).isNull();
    }

    @Test
    void aQueueThatIsGoneEndsASubscriptionThatStopsAtLostPositions() {
        source.close(Duration.ofSeconds(1));
        queues = List.of("q0", "q1");
        source = new Source(LostPositions.STOP);
        source.start();
        await().atMost(PATIENCE).until(() -> engine.assigned.size() == 4);
        queues = List.of("q1");
        source.broken(new ConnectionException("reset"));
        await().atMost(PATIENCE).until(() -> engine.failure != null);
        assertThat(engine.failure).hasMessageContaining("no queue q0 any more");
        assertThat(engine.events).hasAtLeastOneElementOfType(PositionsLost.class);
    }

    private static final class Engine implements SourceListener {
        final List<Shard> assigned = new CopyOnWriteArrayList<>();
        final List<Shard> draining = new CopyOnWriteArrayList<>();
        final List<Shard> lost = new CopyOnWriteArrayList<>();
        final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
        private final Map<String, AtomicInteger> received = new ConcurrentHashMap<>();
        volatile @Nullable Consumer<List<Acknowledgement>> drained;
        volatile @Nullable Throwable failure;

        int received(String queue) {
            return received.computeIfAbsent(queue, name -> new AtomicInteger()).get();
        }

        @Override
        public void onAssigned(Collection<Shard> shards) {
            assigned.addAll(shards);
        }

        @Override
        public void onMessages(Shard shard, List<InboundMessage> messages) {
            received.computeIfAbsent(shard.name(), name -> new AtomicInteger()).addAndGet(messages.size());
        }

        @Override
        public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
            throw new IllegalStateException("a drain blocks the source");
        }

        @Override
        public void revoke(Collection<Shard> shards, Consumer<List<Acknowledgement>> whenDrained) {
            draining.addAll(shards);
            drained = whenDrained;
        }

        @Override
        public void onLost(Collection<Shard> shards) {
            lost.addAll(shards);
        }

        @Override
        public void onEvent(MessagingEvent event) {
            events.add(event);
        }

        @Override
        public void onFailure(Throwable cause) {
            failure = cause;
        }
    }

    /** A queue that never ends. */
    private final class Part extends QueuePart<String> {
        Part(Shard shard) {
            super(shard);
        }

        @Override
        boolean isClosed() {
            return false;
        }

        @Override
        List<InboundMessage> receive(int most) {
            long tag = opened("m");
            return List.of(InboundMessage.builder(tag, tag).body(new byte[0]).build());
        }

        @Override
        void acknowledge(String message) {}

        @Override
        void flush() {}

        @Override
        void close() {
            closed.add(shard.name());
        }
    }

    private final class Source extends QueueSource<Part> {
        private boolean connected;

        Source(LostPositions onLost) {
            super(
                    SourceSpec.builder("orders", "billing")
                            .onLost(onLost)
                            .maxInFlight(40)
                            .maxInFlightBytes(1_000_000)
                            .drainDeadline(Duration.ofSeconds(10))
                            .build(),
                    engine,
                    threads,
                    ended -> {},
                    "billing");
        }

        @Override
        Queues connect() throws Exception {
            Throwable error = connecting;
            if (error instanceof Error serious) {
                throw serious;
            }
            connected = true;
            return new Queues(queues, true);
        }

        @Override
        Part open(Shard shard) {
            return new Part(shard);
        }

        @Override
        void joined() {}

        @Override
        boolean isConnected() {
            return connected;
        }

        @Override
        int members() {
            return 2;
        }

        @Override
        void ask(List<Part> idle) {}

        @Override
        void disconnect(Duration deadline) {
            connected = false;
        }

        @Override
        MessagingException translate(String doing, Throwable error) {
            return error instanceof MessagingException ours ? ours : new MessagingException(doing, error);
        }
    }
}
