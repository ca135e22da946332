package io.oncemq.core.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Capabilities;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Headers;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.DestinationReport;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishOrder;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A broker of two shards that a test plays by hand. It proves nothing about any real broker. */
final class FakeSource implements BrokerTransport, MessageSource {
    /** Opens the sessions of publishers; there are none unless a test says so. */
    volatile Function<PublishListener, PublishSession> publishSessions = listener -> {
        throw new UnsupportedOperationException("this broker only delivers");
    };

    final Map<Shard, Long> through = new ConcurrentHashMap<>();
    final Set<Shard> paused = ConcurrentHashMap.newKeySet();
    /** The thread that paused a shard first. */
    final Map<Shard, Thread> pausedBy = new ConcurrentHashMap<>();

    final List<Shard> assigned = new ArrayList<>();
    /** Thrown on the engine's event loop. */
    volatile @Nullable Error acknowledgeFails;

    volatile Runnable whenTransportCloses = () -> {};
    volatile boolean groupHasPosition;
    volatile boolean history = true;
    volatile @Nullable Duration retention;
    volatile @Nullable SourceSpec spec;
    private final Map<Shard, Long> nextTag = new ConcurrentHashMap<>();
    private @Nullable SourceListener listener;
    private long epoch;

    SourceListener listener() {
        if (listener == null) {
            throw new IllegalStateException("no source was opened");
        }
        return listener;
    }

    boolean isOpen() {
        return listener != null;
    }

    Shard assign(String name) {
        Shard shard = new Shard(name, ++epoch, Shard.AcknowledgeMode.CUMULATIVE);
        assigned.add(shard);
        nextTag.put(shard, 0L);
        listener().onAssigned(List.of(shard));
        return shard;
    }

    void deliver(Shard shard, String id, @Nullable String key) {
        deliver(shard, id, key, "body of " + id);
    }

    void deliver(Shard shard, String id, @Nullable String key, String body) {
        deliver(shard, nextTag.merge(shard, 1L, Long::sum) - 1, id, key, body);
    }

    void deliver(Shard shard, long tag, String id, @Nullable String key, String body) {
        Headers headers = Headers.builder().add("ce_id", id).build();
        byte[] bytes = body.getBytes(UTF_8);
        listener()
                .onMessages(
                        shard,
                        List.of(InboundMessage.builder(tag, tag)
                                .key(key)
                                .headers(headers)
                                .body(bytes)
                                .build()));
    }

    /** So many at once, each with an id and a key of its own. */
    void deliverFetch(Shard shard, int count) {
        long first = nextTag.merge(shard, (long) count, Long::sum) - count;
        listener()
                .onMessages(
                        shard,
                        LongStream.range(first, first + count)
                                .mapToObj(tag -> InboundMessage.builder(tag, tag)
                                        .key(shard.name() + tag)
                                        .headers(Headers.builder()
                                                .add("ce_id", shard.name() + tag)
                                                .build())
                                        .body(new byte[1])
                                        .build())
                                .toList());
    }

    void deliverExpired(Shard shard, String id, @Nullable String key) {
        long tag = nextTag.merge(shard, 1L, Long::sum) - 1;
        Headers headers = Headers.builder().add("ce_id", id).build();
        byte[] body = "body of ".concat(id).getBytes(UTF_8);
        listener()
                .onMessages(
                        shard,
                        List.of(InboundMessage.builder(tag, tag)
                                .key(key)
                                .headers(headers)
                                .body(body)
                                .expired(true)
                                .build()));
    }

    List<Acknowledgement> revoke(Shard shard) {
        assigned.remove(shard);
        List<Acknowledgement> acknowledgements = listener().onRevoking(List.of(shard));
        acknowledge(acknowledgements);
        return acknowledgements;
    }

    /** As a source does that receives from other shards meanwhile. */
    CompletableFuture<List<Acknowledgement>> revokeLater(Shard shard) {
        CompletableFuture<List<Acknowledgement>> drained = new CompletableFuture<>();
        listener().revoke(List.of(shard), drained::complete);
        return drained;
    }

    void lose(Shard shard) {
        assigned.remove(shard);
        listener().onLost(List.of(shard));
    }

    long through(Shard shard) {
        return through.getOrDefault(shard, -1L);
    }

    @Override
    public void start() {}

    @Override
    public void pause(Shard shard) {
        pausedBy.putIfAbsent(shard, Thread.currentThread());
        paused.add(shard);
    }

    @Override
    public void resume(Shard shard) {
        paused.remove(shard);
    }

    @Override
    public void acknowledge(List<Acknowledgement> acknowledgements) {
        Error failure = acknowledgeFails;
        if (failure != null) {
            throw failure;
        }
        for (Acknowledgement acknowledgement : acknowledgements) {
            through.put(acknowledgement.shard(), acknowledgement.through());
        }
    }

    @Override
    public void close(Duration deadline) {
        for (Shard shard : List.copyOf(assigned)) {
            revoke(shard);
        }
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of("fake")
                .with(Feature.ORDER_PER_KEY, Capabilities.Level.NATIVE, "")
                .with(Feature.START_POSITION, Capabilities.Level.NATIVE, "")
                .with(Feature.REPLAY, Capabilities.Level.NATIVE, "")
                .with(Feature.BLOCK_ON_EXHAUSTED, Capabilities.Level.NATIVE, "")
                .build();
    }

    @Override
    public String cloudEventsPrefix() {
        return "ce_";
    }

    @Override
    public void ensure(DestinationSpec destination) {}

    @Override
    public boolean exists(String destination) {
        return true;
    }

    @Override
    public PublishOrder publishOrder() {
        return PublishOrder.SESSION_PREFIX;
    }

    @Override
    public PublishSession openPublishSession(PublishListener publishListener) {
        return publishSessions.apply(publishListener);
    }

    @Override
    public boolean hasPosition(String destination, String group) {
        return groupHasPosition;
    }

    @Override
    public boolean keepsHistory(String destination) {
        return history;
    }

    @Override
    public DestinationReport preflight(String destination) {
        return new DestinationReport(List.of(), retention);
    }

    @Override
    public MessageSource openSource(SourceSpec asked, SourceListener sourceListener) {
        this.spec = asked;
        this.listener = sourceListener;
        return this;
    }

    @Override
    public void close() {
        whenTransportCloses.run();
        close(Duration.ZERO);
    }
}
