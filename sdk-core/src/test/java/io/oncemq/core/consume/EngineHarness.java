package io.oncemq.core.consume;

import io.oncemq.Codec;
import io.oncemq.Codecs;
import io.oncemq.MessageHandler;
import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEventListener;
import io.oncemq.Position;
import io.oncemq.Receipt;
import io.oncemq.Subscription;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.core.Cluster;
import io.oncemq.core.Events;
import io.oncemq.core.LoopThreads;
import io.oncemq.core.Observers;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.OutboundFrame;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One process of a group over a fake source and the store in memory. */
final class EngineHarness implements AutoCloseable {
    private static final Cluster CLUSTER = new Cluster(null, "fake", "1", List.of(), null);
    /** Of messages of the harness' destination. */
    static final String SCOPE = CLUSTER.scopeOf("orders");

    private static final AtomicLong PROCESSES = new AtomicLong();

    static {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    final FakeSource source = new FakeSource();
    final LoopThreads loops = new LoopThreads("harness");
    final SwitchedStore store;
    final List<OutboundFrame> deadLetters = new CopyOnWriteArrayList<>();
    final List<String> abandoned = new CopyOnWriteArrayList<>();
    final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    final List<MessageInterceptor> observers = new ArrayList<>();
    final List<MessagingEventListener> listeners = new ArrayList<>(List.of(events::add));
    Clock clock = Clock.systemUTC();
    volatile Function<OutboundFrame, CompletableFuture<Receipt>> broker = this::confirm;
    private @Nullable Subscription subscription;

    EngineHarness() {
        this(new SwitchedStore(InProcessIdempotency.create().open()));
    }

    EngineHarness(SwitchedStore store) {
        this.store = store;
    }

    private CompletableFuture<Receipt> confirm(OutboundFrame frame) {
        deadLetters.add(frame);
        return CompletableFuture.completedFuture(new Receipt(frame.id(), frame.destination(), new Position("dlq", 0)));
    }

    SubscriptionBuilder<String> subscribe() {
        return subscribe(true);
    }

    SubscriptionBuilder<String> subscribe(boolean withStore) {
        return subscribe(withStore, Codecs.string());
    }

    SubscriptionBuilder<String> subscribe(Codec<String> codec) {
        return subscribe(true, codec);
    }

    private SubscriptionBuilder<String> subscribe(boolean withStore, Codec<String> codec) {
        EngineContext context = new EngineContext(
                source,
                CLUSTER,
                withStore ? store : null,
                new Events(listeners),
                new Observers(observers),
                PROCESSES.incrementAndGet(),
                false,
                loops,
                frame -> broker.apply(frame),
                (destination, id) -> abandoned.add(id),
                Runnable::run,
                System::nanoTime,
                clock,
                () -> {},
                ended -> {});
        return new EngineSubscriptionBuilder<>(context, "orders", codec, (source, deadLetters) -> {}, started -> {})
                .group("billing")
                .drainTimeout(Duration.ofSeconds(5));
    }

    Subscription handle(MessageHandler<String> handler) {
        return start(subscribe(), handler);
    }

    Subscription start(SubscriptionBuilder<String> builder, MessageHandler<String> handler) {
        Subscription started = builder.handler(handler).start();
        subscription = started;
        return started;
    }

    <E extends MessagingEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close(Duration.ofSeconds(5));
        }
        loops.close(Duration.ofSeconds(5));
    }
}
