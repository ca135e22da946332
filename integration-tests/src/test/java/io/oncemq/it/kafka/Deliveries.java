package io.oncemq.it.kafka;

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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one source delivered and told, and what was given back when it revoked. */
class Deliveries implements SourceListener {
    record Delivered(Shard shard, InboundMessage message) {
        String text() {
            byte[] body = message.body();
            return body == null ? "(none)" : new String(body, UTF_8);
        }
    }

    final List<Delivered> messages = Collections.synchronizedList(new ArrayList<>());
    final Map<String, Shard> owned = new ConcurrentHashMap<>();
    final List<Shard> revoked = new CopyOnWriteArrayList<>();
    final List<Shard> lost = new CopyOnWriteArrayList<>();
    final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    final Map<Shard, Long> last = new ConcurrentHashMap<>();
    volatile @Nullable Throwable failure;

    /** What revoking gives back; by default all that was delivered. */
    volatile Function<Collection<Shard>, List<Acknowledgement>> onRevoking = this::everything;

    @Override
    public void onAssigned(Collection<Shard> shards) {
        shards.forEach(shard -> owned.put(shard.name(), shard));
    }

    @Override
    public void onMessages(Shard shard, List<InboundMessage> batch) {
        batch.forEach(each -> messages.add(new Delivered(shard, each)));
        last.put(shard, batch.get(batch.size() - 1).tag());
    }

    @Override
    public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
        revoked.addAll(shards);
        List<Acknowledgement> all = onRevoking.apply(shards);
        shards.forEach(shard -> owned.remove(shard.name()));
        return all;
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

    List<String> texts() {
        synchronized (messages) {
            return messages.stream().map(Delivered::text).toList();
        }
    }

    static Acknowledgement through(Shard shard, long tag) {
        return new Acknowledgement(shard, tag, Acknowledgement.NONE, false);
    }

    List<Acknowledgement> everything(Collection<Shard> shards) {
        return shards.stream()
                .filter(last::containsKey)
                .map(shard -> new Acknowledgement(shard, last.get(shard), Acknowledgement.NONE, true))
                .toList();
    }

    static List<Acknowledgement> nothing(Collection<Shard> shards) {
        return List.of();
    }

    /** Acknowledges all that was delivered so far. */
    void acknowledgeAll(MessageSource source) {
        source.acknowledge(everything(owned.values()));
    }
}
