package io.oncemq.it.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.MessagingEvent;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one source delivered and told. Settles what it is told to settle, at once and in order. */
final class Received implements SourceListener {
    final List<String> texts = Collections.synchronizedList(new ArrayList<>());
    final Set<String> owned = ConcurrentHashMap.newKeySet();
    final List<Shard> assigned = new CopyOnWriteArrayList<>();
    final List<Shard> revoked = new CopyOnWriteArrayList<>();
    final List<Shard> lost = new CopyOnWriteArrayList<>();
    final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    volatile @Nullable Throwable failure;
    /** What a drain waits for. */
    volatile Runnable drain = () -> {};

    private final Map<Shard, Long> settled = new ConcurrentHashMap<>();
    private final Predicate<String> settles;
    private volatile @Nullable MessageSource source;

    private Received(Predicate<String> settles) {
        this.settles = settles;
    }

    /** Settles everything. */
    static Received settlingAll() {
        return new Received(text -> true);
    }

    /** Settles nothing, and gives nothing back. */
    static Received settlingNothing() {
        return new Received(text -> false);
    }

    /** Settles each message until, in each shard, one is not to be settled. */
    static Received settling(Predicate<String> settles) {
        return new Received(settles);
    }

    /** Before the source starts. */
    void of(MessageSource of) {
        source = of;
    }

    @Override
    public void onAssigned(Collection<Shard> shards) {
        shards.forEach(shard -> {
            assigned.add(shard);
            owned.add(shard.name());
        });
    }

    @Override
    public void onMessages(Shard shard, List<InboundMessage> messages) {
        long through = settled.getOrDefault(shard, 0L);
        for (InboundMessage each : messages) {
            byte[] body = each.body();
            String text = body == null ? "" : new String(body, UTF_8);
            texts.add(text);
            if (each.tag() == through + 1 && settles.test(text)) {
                through = each.tag();
            }
        }
        settled.put(shard, through);
        MessageSource current = source;
        if (current != null && through > 0) {
            current.acknowledge(List.of(new Acknowledgement(shard, through, Acknowledgement.NONE, false)));
        }
    }

    @Override
    public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
        drain.run();
        revoked.addAll(shards);
        shards.forEach(shard -> owned.remove(shard.name()));
        return shards.stream()
                .map(shard -> new Acknowledgement(shard, settled.getOrDefault(shard, -1L), Acknowledgement.NONE, false))
                .toList();
    }

    /** As the engine does, which drains on threads of its own. */
    @Override
    public void revoke(Collection<Shard> shards, Consumer<List<Acknowledgement>> drained) {
        CompletableFuture.runAsync(() -> drained.accept(onRevoking(shards)));
    }

    @Override
    public void onLost(Collection<Shard> shards) {
        lost.addAll(shards);
        shards.forEach(shard -> owned.remove(shard.name()));
    }

    @Override
    public void onEvent(MessagingEvent event) {
        events.add(event);
    }

    @Override
    public void onFailure(Throwable cause) {
        failure = cause;
    }

    List<String> seen() {
        synchronized (texts) {
            return List.copyOf(texts);
        }
    }
}
