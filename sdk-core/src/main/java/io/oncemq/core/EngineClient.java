package io.oncemq.core;

import io.oncemq.Capabilities;
import io.oncemq.ClientClosedException;
import io.oncemq.Codec;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.FoundMessage;
import io.oncemq.MessageQuery;
import io.oncemq.MessagingClient;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.core.consume.EngineContext;
import io.oncemq.core.consume.EngineSubscription;
import io.oncemq.core.consume.EngineSubscriptionBuilder;
import io.oncemq.core.consume.Lookup;
import io.oncemq.core.consume.WorkerThreads;
import io.oncemq.core.publish.EnginePublisher;
import io.oncemq.core.publish.FrameComposer;
import io.oncemq.core.publish.InFlightBudget;
import io.oncemq.core.publish.PublishPipeline;
import io.oncemq.core.publish.SendRules;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.ClientSettings;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.IdempotencyStoreFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One connection to a broker and one to a store, and what runs over them. */
final class EngineClient implements MessagingClient {
    private static final Duration DEFAULT_CLOSE = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration DEAD_LETTER_DEADLINE = Duration.ofSeconds(30);

    private final Events events;
    private final BrokerTransport transport;
    private final @Nullable IdempotencyStore store;
    private final PublishPipeline pipeline;
    private final FrameComposer composer;
    private final SendRules rules;
    private final ThreadPoolExecutor republisher;
    private final Observers observers;
    private final LoopThreads loops;
    private final EngineContext context;
    private final Preflight preflight;
    private final List<EngineSubscription> subscriptions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Closing closing;

    private EngineClient(
            ClientSettings settings,
            BrokerTransport transport,
            Cluster cluster,
            @Nullable IdempotencyStore store,
            Events events,
            Observers observers,
            Preflight preflight) {
        this.events = events;
        this.preflight = preflight;
        this.transport = transport;
        this.store = store;
        this.pipeline = new PublishPipeline(transport, events, settings.clientId(), System::nanoTime);
        this.observers = observers;
        this.loops = new LoopThreads(settings.clientId());
        this.composer = new FrameComposer(transport.cloudEventsPrefix());
        this.rules = new SendRules(transport.capabilities());
        this.republisher = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> daemon(task, settings.clientId()));
        republisher.allowCoreThreadTimeOut(true);
        InFlightBudget unbounded = new InFlightBudget(Integer.MAX_VALUE, Long.MAX_VALUE);
        this.context = new EngineContext(
                transport,
                cluster,
                store,
                events,
                observers,
                new SecureRandom().nextLong(),
                settings.virtualThreads(),
                loops,
                frame -> pipeline.submit(frame, unbounded, DEAD_LETTER_DEADLINE),
                pipeline::abandon,
                republisher,
                System::nanoTime,
                Clock.systemUTC(),
                this::requireOpen,
                subscriptions::remove);
        this.closing = closing(settings.clientId());
    }

    private static Thread daemon(Runnable task, String clientId) {
        Thread thread = new Thread(task, "oncemq-republish-" + clientId);
        thread.setDaemon(true);
        return thread;
    }

    static EngineClient connect(ClientSettings settings) {
        if (settings.virtualThreads()) {
            WorkerThreads.requireVirtual();
        }
        BrokerTransport opened = settings.transport().open(settings.clientId());
        Located located = Located.of(opened);
        BrokerTransport transport = located.transport(opened);
        IdempotencyStore store = null;
        try {
            IdempotencyStoreFactory factory = settings.store();
            store = factory == null ? null : factory.open();
            Events events = new Events(settings.listeners(), located::event);
            Observers observers = new Observers(settings.observers());
            observers.opened(settings.clientId(), transport.capabilities().system());
            Cluster cluster = Cluster.of(settings, transport);
            Preflight preflight = new Preflight(
                    settings.profile(),
                    settings.acceptedUnchecked(),
                    settings.clientId(),
                    transport,
                    cluster,
                    store,
                    events);
            preflight.servers();
            return new EngineClient(settings, transport, cluster, store, events, observers, preflight);
        } catch (Throwable e) {
            Contained.run("a connection cannot be closed:", settings.clientId(), transport::close);
            if (store != null) {
                Contained.run("a store cannot be closed:", settings.clientId(), store::close);
            }
            throw e;
        }
    }

    @Override
    public Capabilities capabilities() {
        return transport.capabilities();
    }

    @Override
    public void pingBroker() {
        requireOpen();
        transport.ping();
    }

    @Override
    public void pingStore() {
        requireOpen();
        if (store != null) {
            store.ping();
        }
    }

    @Override
    public void ensure(DestinationSpec destination) {
        requireOpen();
        if (!destination.delays().isEmpty()) {
            capabilities().require(Feature.DELAYED_DELIVERY, "DestinationSpec.delays", destination.delays());
        }
        if (destination.history() != null) {
            capabilities().require(Feature.REPLAY, "DestinationSpec.history", destination.history());
        }
        destination.groups().stream()
                .map(DestinationSpec.Group::filter)
                .filter(Objects::nonNull)
                .forEach(filter -> capabilities().require(Feature.FILTER, "DestinationSpec.group", filter));
        List<DestinationSpec> all = new ArrayList<>(List.of(shared(destination)));
        for (DestinationSpec.Group group : destination.groups()) {
            String name = DestinationSpec.deadLetterName(destination.name(), group.name());
            DestinationSpec letters = DestinationSpec.builder(name)
                    .replicas(destination.replicas())
                    .group(group.name())
                    .build();
            all.add(transport.deadLetters(letters, destination, SizeLimits.ROOM_OF_LETTERS));
        }
        for (DestinationSpec each : preflight.planned(all)) {
            transport.ensure(each);
            if (each.partitions() > 0) {
                pipeline.acceptShards(each.name(), each.partitions());
            }
        }
    }

    /** Without the broadcast groups, of which no reader is known before it starts. */
    private static DestinationSpec shared(DestinationSpec spec) {
        return spec.toBuilder()
                .groups(spec.groups().stream()
                        .filter(group -> !group.broadcast())
                        .toList())
                .build();
    }

    @Override
    public void acceptPartitions(String destination, int partitions) {
        requireOpen();
        if (partitions < 1) {
            throw new ConfigurationException("acceptPartitions", partitions, "is below 1", "Use 1 or more");
        }
        pipeline.acceptShards(destination, partitions);
    }

    @Override
    public <T> Publisher<T> publisher(String destination, Codec<T> codec, PublisherOptions options) {
        requireOpen();
        preflight.publisher(destination);
        if (options.partitions() > 0) {
            pipeline.expectShards(destination, options.partitions());
        }
        Publisher<T> publisher = new EnginePublisher<>(
                pipeline, composer, rules, observers, destination, codec, options, preflight.publishable(destination));
        observers.publisherOpened(publisher);
        return publisher;
    }

    @Override
    public <T> SubscriptionBuilder<T> subscription(String destination, Codec<T> codec) {
        requireOpen();
        return new EngineSubscriptionBuilder<>(context, destination, codec, preflight::subscription, this::started);
    }

    @Override
    public List<FoundMessage> find(String destination, MessageQuery query) {
        requireOpen();
        return Lookup.find(transport, destination, query);
    }

    private void started(EngineSubscription subscription) {
        subscriptions.add(subscription);
        if (closed.get()) {
            subscription.close(Duration.ZERO);
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new ClientClosedException("the client is closed");
        }
    }

    @Override
    public void close() {
        close(DEFAULT_CLOSE);
    }

    @Override
    public void close(Duration deadline) {
        if (closed.getAndSet(true)) {
            // The step that closes them has taken its time from the first close.
            subscriptions.forEach(subscription -> subscription.closeLater(deadline));
        }
        if (isOwnThread()) {
            closing.start(deadline);
        } else {
            closing.close(deadline);
        }
    }

    /** Whether a close would wait for the calling thread: it runs a handler, a listener or a continuation of a publish. */
    private boolean isOwnThread() {
        return pipeline.isConfirming()
                || events.isTelling()
                || subscriptions.stream().anyMatch(EngineSubscription::isOwnThread);
    }

    private Closing closing(String clientId) {
        return new Closing(clientId)
                .step("subscriptions", this::closeSubscriptions)
                .step("loops", left -> loops.close(GRACE))
                .step("publishing", pipeline::close)
                .step("republishing", left -> republisher.shutdownNow())
                .step("transport", left -> transport.close())
                .step("store", left -> {
                    if (store != null) {
                        store.close();
                    }
                });
    }

    /** Side by side, so that the deadline holds for all of them together. */
    private void closeSubscriptions(Duration left) {
        List<EngineSubscription> all = List.copyOf(subscriptions);
        all.forEach(subscription -> subscription.closeLater(left));
        all.forEach(EngineSubscription::awaitEnd);
    }
}
