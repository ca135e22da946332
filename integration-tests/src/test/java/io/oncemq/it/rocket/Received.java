package io.oncemq.it.rocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.MessagingEvent;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What one source delivered and told. Settles what it is told to settle, in order, at once and when it is revoked. */
class Received implements SourceListener {
    /** One message, and by which ownership it came. */
    record One(Shard shard, long offset, String text) {}

    final List<One> all = new CopyOnWriteArrayList<>();
    final Map<String, Shard> owned = new ConcurrentHashMap<>();
    final List<Shard> revoked = new CopyOnWriteArrayList<>();
    final List<Shard> lost = new CopyOnWriteArrayList<>();
    final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    volatile @Nullable Throwable failure;

    private final Map<Shard, Long> settled = new ConcurrentHashMap<>();
    private final LongPredicate settles;
    private volatile @Nullable MessageSource source;

    private Received(LongPredicate settles) {
        this.settles = settles;
    }

    static Received settlingAll() {
        return new Received(offset -> true);
    }

    /** Settles each queue's messages up to the first offset that is not to be settled. */
    static Received settling(LongPredicate settles) {
        return new Received(settles);
    }

    /** Before the source starts. */
    void of(MessageSource of) {
        source = of;
    }

    @Override
    public void onAssigned(Collection<Shard> shards) {
        shards.forEach(shard -> owned.put(shard.name(), shard));
    }

    @Override
    public void onMessages(Shard shard, List<InboundMessage> messages) {
        for (InboundMessage each : messages) {
            byte[] body = each.body();
            all.add(new One(shard, each.offset(), body == null ? "" : new String(body, UTF_8)));
            boolean inOrder = each.offset() - 1 == settled.getOrDefault(shard, each.offset() - 1);
            if (inOrder && settles.test(each.offset())) {
                settled.put(shard, each.offset());
            }
        }
        MessageSource current = source;
        if (current != null) {
            current.acknowledge(acknowledgements(List.of(shard)));
        }
    }

    @Override
    public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
        revoked.addAll(shards);
        shards.forEach(shard -> owned.remove(shard.name()));
        return acknowledgements(shards);
    }

    private List<Acknowledgement> acknowledgements(Collection<Shard> shards) {
        List<Acknowledgement> all = new ArrayList<>();
        for (Shard each : shards) {
            Long through = settled.get(each);
            if (through != null) {
                all.add(new Acknowledgement(each, through, Acknowledgement.NONE, false));
            }
        }
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
        return all.stream().map(One::text).toList();
    }

    /** Holds a revoke until it may continue. */
    static final class Draining extends Received {
        private final CountDownLatch begun;
        private final CountDownLatch end;

        Draining(LongPredicate settles, CountDownLatch begun, CountDownLatch end) {
            super(settles);
            this.begun = begun;
            this.end = end;
        }

        @Override
        public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return super.onRevoking(shards);
        }
    }
}
