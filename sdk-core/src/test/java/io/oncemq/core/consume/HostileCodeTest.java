package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingEvent;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.core.Events;
import io.oncemq.core.Observers;
import io.oncemq.core.publish.EnginePublisher;
import io.oncemq.core.publish.FrameComposer;
import io.oncemq.core.publish.PublishPipeline;
import io.oncemq.core.publish.SendRules;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.Shard;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the application throws, and wherever: its own message fails at most, and its key and all others continue. */
@Timeout(120)
class HostileCodeTest {
    /** Where it is thrown. */
    enum Place {
        HANDLER,
        ASYNC_HANDLER,
        ASYNC_STAGE,
        STAGE_THAT_CANNOT_BE_ASKED,
        DERIVED_CODEC,
        OBSERVER_PUBLISHING,
        OBSERVER_PUBLISHED,
        CODEC,
        OBSERVER_SUBSCRIBED,
        OBSERVER_HANDLING,
        OBSERVER_ENTER,
        OBSERVER_LEAVE,
        OBSERVER_ENDED,
        LISTENER,
        DEAD_LETTER
    }

    private final EngineHarness engine = new EngineHarness();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> closed = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        engine.close();
        for (AutoCloseable each : closed) {
            each.close();
        }
    }

    static Stream<Arguments> everywhere() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(HostileKind.values()).map(kind -> Arguments.of(place, kind)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aThrowableOfTheApplicationHoldsNeitherItsKeyNorOthers(Place place, HostileKind kind) {
        hostile(place, kind);
        Shard shard = deliverThree();
        await().until(() -> engine.source.through(shard) == 2);
        assertThat(handled).contains("same key", "other key");
        assertThat(handled.stream().filter(each -> !each.equals("hostile"))).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("whilePublishing")
    void anObserverOfAPublishNeitherFailsNorHoldsIt(Place place, HostileKind kind) {
        List<String> seen = new CopyOnWriteArrayList<>();
        MessageInterceptor next = new MessageInterceptor() {
            @Override
            public Publishing publishing(String destination, OutboundMessage<?> message, Headers.Builder headers) {
                return (receipt, failure) -> seen.add(message.body() + (failure == null ? " confirmed" : " failed"));
            }
        };
        EnginePublisher<String> bills = publisher(Codecs.string(), List.of(new HostileObserver(place, kind), next));
        List<CompletableFuture<Receipt>> receipts = Stream.of("hostile", "same key", "hostile", "same key")
                .map(body -> bills.publish(OutboundMessage.of(body).key("key")))
                .toList();
        assertThat(receipts).allSatisfy(receipt -> assertThat(receipt).succeedsWithin(Duration.ofSeconds(60)));
        await().untilAsserted(() -> assertThat(seen)
                .containsExactlyInAnyOrder(
                        "hostile confirmed", "same key confirmed", "hostile confirmed", "same key confirmed"));
    }

    static Stream<Arguments> whilePublishing() {
        return everywhere()
                .filter(each -> List.of(Place.OBSERVER_PUBLISHING, Place.OBSERVER_PUBLISHED)
                        .contains(each.get()[0]));
    }

    @Test
    void anAsyncHandlerThatReturnsNoStageFailsItsMessageOnly() {
        asyncWithStages(id -> isHostile(id) ? null : done());
        Shard shard = deliverThree();
        await().until(() -> engine.source.through(shard) == 2);
        assertThat(handled).containsExactlyInAnyOrder("hostile", "hostile", "same key", "other key");
        assertThat(engine.deadLetters).hasSize(1);
    }

    /** Two answers to one call would give two permits back; without a store nothing else bounds how many run at once. */
    @Test
    void aStageThatCompletesTwiceCountsOnce() {
        int messages = 200;
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ends(engine.subscribe(false)
                .concurrency(1)
                .asyncHandler(delivery -> {
                    if (isHostile(delivery.id())) {
                        return stage(callback -> {
                            callback.accept(null, null);
                            callback.accept(null, new IllegalStateException("a second answer"));
                        });
                    }
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    return CompletableFuture.runAsync(() -> {
                        handled.add(delivery.id());
                        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                        running.decrementAndGet();
                    });
                })
                .start());
        Shard shard = engine.source.assign("orders-0");
        engine.source.deliver(shard, "hostile", "key");
        for (int i = 1; i <= messages; i++) {
            engine.source.deliver(shard, "m" + i, "key-" + i);
        }
        await().until(() -> engine.source.through(shard) == messages);
        assertThat(handled).hasSize(messages);
        assertThat(most).as("handlers at once").hasValue(1);
    }

    @Test
    void nothingCanBeDerivedFromADeliveryWhoseHandlerHasFailed() {
        List<Delivery<String>> deliveries = new CopyOnWriteArrayList<>();
        sync(delivery -> {
            deliveries.add(delivery);
            raiseFor(delivery, HostileKind.RUNTIME_EXCEPTION);
        });
        Shard shard = deliverThree();
        await().until(() -> engine.source.through(shard) == 2);
        assertThat(deliveries).hasSize(4);
        EnginePublisher<String> bills = publisher(Codecs.string(), List.of());
        for (Delivery<String> delivery : deliveries) {
            assertThatThrownBy(() -> delivery.publishOnSuccess(bills, OutboundMessage.of("late")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has ended");
        }
    }

    /** One worker: the next handler runs on the thread that the first one leaves interrupted. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptFlagThatAHandlerLeavesDoesNotReachTheNext(boolean async) {
        List<Boolean> flags = new CopyOnWriteArrayList<>();
        if (async) {
            ends(builder(Codecs.string())
                    .asyncHandler(delivery -> {
                        flags.add(Thread.currentThread().isInterrupted());
                        Thread.currentThread().interrupt();
                        return done();
                    })
                    .start());
        } else {
            sync(delivery -> {
                flags.add(Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
            });
        }
        Shard shard = deliverThree();
        await().until(() -> engine.source.through(shard) == 2);
        assertThat(flags).containsExactly(false, false, false);
    }

    /** The flag would end the wait for room, and refuse what the handler derived. */
    @Test
    void whatIsDerivedIsPublishedWithoutTheFlagOfItsHandler() {
        List<Boolean> flags = new CopyOnWriteArrayList<>();
        EnginePublisher<String> bills = publisher(Codecs.string(), List.of(new MessageInterceptor() {
            @Override
            public @Nullable Publishing publishing(
                    String destination, OutboundMessage<?> message, Headers.Builder headers) {
                flags.add(Thread.currentThread().isInterrupted());
                return null;
            }
        }));
        sync(delivery -> {
            delivery.publishOnSuccess(bills, OutboundMessage.of(delivery.id()));
            Thread.currentThread().interrupt();
        });
        Shard shard = deliverThree();
        await().until(() -> engine.source.through(shard) == 2);
        assertThat(flags).containsExactly(false, false, false);
    }

    /** A listener that runs on a thread of the engine, such as the loop or the one of the store, leaves its flag there. */
    @Test
    void anInterruptFlagThatAListenerLeavesHoldsNothing() {
        engine.listeners.add(event -> Thread.currentThread().interrupt());
        sync(delivery -> raiseFor(delivery, HostileKind.RUNTIME_EXCEPTION));
        Shard shard = deliverThree();
        await().until(() -> engine.source.through(shard) == 2);
        engine.store.away = true;
        engine.source.deliver(shard, "in the outage", "key");
        await().until(() ->
                !engine.events(MessagingEvent.StoreUnavailable.class).isEmpty());
        engine.store.away = false;
        await().until(() -> engine.source.through(shard) == 3);
    }

    private Shard deliverThree() {
        Shard shard = engine.source.assign("orders-0");
        engine.source.deliver(shard, "hostile", "key");
        engine.source.deliver(shard, "same key", "key");
        engine.source.deliver(shard, "other key", "other");
        return shard;
    }

    private void hostile(Place place, HostileKind kind) {
        switch (place) {
            case HANDLER -> sync(delivery -> raiseFor(delivery, kind));
            case ASYNC_HANDLER -> async((delivery, stage) -> raiseFor(delivery, kind));
            case ASYNC_STAGE ->
                async((delivery, stage) -> {
                    if (isHostile(delivery.id())) {
                        stage.completeExceptionally(kind.made.get());
                    }
                });
            case STAGE_THAT_CANNOT_BE_ASKED -> asyncWithStages(id -> isHostile(id) ? hostileStage(kind) : done());
            case DERIVED_CODEC -> deriving(codec(kind, true), List.of());
            case OBSERVER_PUBLISHING, OBSERVER_PUBLISHED ->
                deriving(Codecs.string(), List.of(new HostileObserver(place, kind)));
            case CODEC -> engine.start(builder(codec(kind, false)), delivery -> handled.add(delivery.id()));
            case LISTENER -> {
                engine.listeners.add(event -> kind.thrown());
                sync(delivery -> {
                    if (isHostile(delivery.id())) {
                        throw new IllegalStateException("to be retried, then dead-lettered");
                    }
                });
            }
            case DEAD_LETTER -> {
                Function<OutboundFrame, CompletableFuture<Receipt>> confirming = engine.broker;
                engine.broker = frame -> {
                    engine.broker = confirming;
                    return kind.thrown();
                };
                sync(delivery -> {
                    if (isHostile(delivery.id())) {
                        throw new IllegalStateException("to be retried, then dead-lettered");
                    }
                });
            }
            default -> {
                engine.observers.add(new HostileObserver(place, kind));
                sync(delivery -> {});
            }
        }
    }

    private void sync(Consumer<Delivery<String>> more) {
        engine.start(builder(Codecs.string()), delivery -> {
            handled.add(delivery.id());
            more.accept(delivery);
        });
    }

    private void async(BiConsumer<Delivery<String>, CompletableFuture<Void>> more) {
        ends(builder(Codecs.string())
                .asyncHandler(delivery -> {
                    handled.add(delivery.id());
                    CompletableFuture<Void> stage = new CompletableFuture<>();
                    more.accept(delivery, stage);
                    stage.complete(null);
                    return stage;
                })
                .start());
    }

    @SuppressWarnings("NullAway") // a handler in plain Java may return null whatever the types say
    private void asyncWithStages(Function<String, @Nullable CompletionStage<?>> stages) {
        ends(builder(Codecs.string())
                .asyncHandler(delivery -> {
                    handled.add(delivery.id());
                    return stages.apply(delivery.id());
                })
                .start());
    }

    private void ends(Subscription subscription) {
        closed.add(() -> subscription.close(Duration.ofSeconds(5)));
    }

    /** One handler at a time, so that a permit, slot or worker that is lost shows at once. */
    private SubscriptionBuilder<String> builder(Codec<String> codec) {
        return engine.subscribe(codec)
                .concurrency(1)
                .retry(RetryPolicy.builder()
                        .fixed(Duration.ofMillis(1))
                        .maxAttempts(2)
                        .build());
    }

    private void deriving(Codec<String> codec, List<MessageInterceptor> observers) {
        EnginePublisher<String> bills = publisher(codec, observers);
        sync(delivery -> delivery.publishOnSuccess(bills, OutboundMessage.of(delivery.id())));
    }

    private EnginePublisher<String> publisher(Codec<String> codec, List<MessageInterceptor> observers) {
        engine.source.publishSessions = Confirming::new;
        PublishPipeline pipeline =
                new PublishPipeline(engine.source, new Events(List.of()), "client", System::nanoTime);
        closed.add(() -> pipeline.close(Duration.ZERO));
        return new EnginePublisher<>(
                pipeline,
                new FrameComposer("ce_"),
                new SendRules(engine.source.capabilities()),
                new Observers(observers),
                "bills",
                codec,
                PublisherOptions.defaults());
    }

    private static boolean isHostile(String id) {
        return id.equals("hostile");
    }

    private static void raiseFor(Delivery<String> delivery, HostileKind kind) {
        if (isHostile(delivery.id())) {
            kind.thrown();
        }
    }

    private static CompletionStage<?> done() {
        return CompletableFuture.completedFuture(null);
    }

    private static CompletionStage<?> hostileStage(HostileKind kind) {
        return stage(callback -> kind.thrown());
    }

    /** Of a stage only {@code whenComplete} is used. */
    @SuppressWarnings("unchecked")
    private static CompletionStage<?> stage(Consumer<BiConsumer<Object, Throwable>> whenComplete) {
        return (CompletionStage<?>) Proxy.newProxyInstance(
                HostileCodeTest.class.getClassLoader(),
                new Class<?>[] {CompletionStage.class},
                (proxy, method, args) -> {
                    whenComplete.accept((BiConsumer<Object, Throwable>) args[0]);
                    return proxy;
                });
    }

    private static Codec<String> codec(HostileKind kind, boolean encoding) {
        Codec<String> strings = Codecs.string();
        return new Codec<>() {
            @Override
            public String contentType() {
                return strings.contentType();
            }

            @Override
            public byte[] encode(String value) {
                return encoding && isHostile(value) ? kind.thrown() : strings.encode(value);
            }

            @Override
            public String decode(byte[] body, Headers headers) throws CodecException {
                String text = strings.decode(body, headers);
                return !encoding && text.endsWith(" hostile") ? kind.thrown() : text;
            }
        };
    }

    private record Confirming(PublishListener listener) implements PublishSession {
        @Override
        public void send(OutboundFrame frame, Object context) {
            listener.confirmed(context, new Position("bills-0", 0));
        }

        @Override
        public void flush() {}

        @Override
        public void close(Duration deadline) {}
    }
}
