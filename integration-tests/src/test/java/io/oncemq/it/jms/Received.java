package io.oncemq.it.jms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.MessagingEvent;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one source delivered and told. Settles each message that it is told to settle, at once and singly. */
final class Received implements SourceListener {
    final List<InboundMessage> messages = new CopyOnWriteArrayList<>();
    final List<Shard> assigned = new CopyOnWriteArrayList<>();
    final List<Shard> revoked = new CopyOnWriteArrayList<>();
    final List<Shard> lost = new CopyOnWriteArrayList<>();
    private final Map<Shard, Long> last = new ConcurrentHashMap<>();
    volatile @Nullable Throwable failure;

    private final Predicate<String> settles;
    private volatile @Nullable MessageSource source;

    private Received(Predicate<String> settles) {
        this.settles = settles;
    }

    static Received settling(Predicate<String> settles) {
        return new Received(settles);
    }

    /** Before the source starts. */
    void of(MessageSource of) {
        source = of;
    }

    @Override
    public void onAssigned(Collection<Shard> shards) {
        assigned.addAll(shards);
    }

    @Override
    public void onMessages(Shard shard, List<InboundMessage> batch) {
        messages.addAll(batch);
        last.put(shard, batch.get(batch.size() - 1).tag());
        long[] singles = batch.stream()
                .filter(each -> settles.test(text(each)))
                .mapToLong(InboundMessage::tag)
                .toArray();
        MessageSource current = source;
        if (current != null) {
            current.acknowledge(List.of(new Acknowledgement(shard, -1, singles, false)));
        }
    }

    @Override
    public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
        revoked.addAll(shards);
        return List.of();
    }

    @Override
    public void onLost(Collection<Shard> shards) {
        lost.addAll(shards);
    }

    @Override
    public void onEvent(MessagingEvent event) {}

    @Override
    public void onFailure(Throwable cause) {
        failure = cause;
    }

    List<String> texts() {
        return messages.stream().map(Received::text).toList();
    }

    private static String text(InboundMessage message) {
        byte[] body = message.body();
        return body == null ? "(none)" : new String(body, UTF_8);
    }
}
