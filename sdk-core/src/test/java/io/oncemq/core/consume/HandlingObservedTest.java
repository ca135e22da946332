package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingEvent;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.PublisherOptions;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.Events;
import io.oncemq.core.Observers;
import io.oncemq.core.publish.EnginePublisher;
import io.oncemq.core.publish.FrameComposer;
import io.oncemq.core.publish.PublishPipeline;
import io.oncemq.core.publish.SendRules;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishListener;
import io.oncemq.spi.PublishSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandlingObservedTest {
    private final EngineHarness engine = new EngineHarness();
    private final AtomicInteger answers = new AtomicInteger();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final ThreadLocal<@Nullable String> current = new ThreadLocal<>();

    HandlingObservedTest() {
        engine.observers.add(new Noting());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private final class Noting implements MessageInterceptor {
        @Override
        public @Nullable Publishing publishing(
                String destination, OutboundMessage<?> message, Headers.Builder headers) {
            seen.add("published within " + current.get());
            return null;
        }

        @Override
        public Handling handling(String destination, String group, Delivery<?> delivery) {
            String name = destination + "/" + group + "/" + delivery.id() + "/" + delivery.attempt();
            return new Handling() {
                @Override
                public void enter() {
                    current.set(name);
                }

                @Override
                public void leave() {
                    current.remove();
                }

                @Override
                public void ended(@Nullable Throwable failure) {
                    seen.add(name + " " + (failure == null ? "succeeded" : failure.getMessage()) + " within "
                            + current.get());
                }
            };
        }
    }

    @Test
    void eachAttemptIsFollowedOnTheThreadOfItsHandler() {
        engine.start(engine.subscribe().retry(RetryPolicy.fixed(Duration.ofMillis(1))), delivery -> {
            seen.add("handler within " + current.get());
            if (delivery.attempt() == 1) {
                throw new IllegalStateException("failed");
            }
        });
        engine.source.deliver(engine.source.assign("orders-0"), "1", "key");
        await().untilAsserted(() -> assertThat(seen)
                .containsExactly(
                        "handler within orders/billing/1/1",
                        "orders/billing/1/1 failed within null",
                        "handler within orders/billing/1/2",
                        "orders/billing/1/2 succeeded within null"));
    }

    /** The first answer is lost, so the message is sent again, by a thread that has nothing to do with the handler. */
    @Test
    void whatIsDerivedIsPublishedWithinTheAttemptAlsoWhenItIsSentAgain() {
        engine.source.publishSessions = Forgetful::new;
        Observers observers = new Observers(engine.observers);
        PublishPipeline pipeline =
                new PublishPipeline(engine.source, new Events(List.of()), "client", System::nanoTime);
        EnginePublisher<String> bills = new EnginePublisher<>(
                pipeline,
                new FrameComposer("ce_"),
                new SendRules(engine.source.capabilities()),
                observers,
                "bills",
                Codecs.string(),
                PublisherOptions.builder().deadline(Duration.ofMillis(300)).build());
        try {
            engine.handle(delivery -> delivery.publishOnSuccess(bills, OutboundMessage.of("bill")));
            engine.source.deliver(engine.source.assign("orders-0"), "1", "key");
            await().until(() ->
                    engine.events(MessagingEvent.DeliveryCompleted.class).size() == 1);
        } finally {
            pipeline.close(Duration.ZERO);
        }
        assertThat(seen.stream().filter(each -> each.startsWith("published")).distinct())
                .containsExactly("published within orders/billing/1/1");
        assertThat(seen.stream().filter(each -> each.startsWith("published"))).hasSizeGreaterThan(1);
    }

    /** Never answers the first message that it is given. */
    private final class Forgetful implements PublishSession {
        private final PublishListener listener;

        Forgetful(PublishListener listener) {
            this.listener = listener;
        }

        @Override
        public void send(OutboundFrame frame, Object context) {
            if (answers.getAndIncrement() > 0) {
                listener.confirmed(context, new Position("bills-0", 0));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close(Duration deadline) {}
    }

    @Test
    void aStageIsFollowedUntilItCompletes() {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        Subscription subscription = engine.subscribe()
                .asyncHandler(delivery -> {
                    seen.add("handler within " + current.get());
                    return stage;
                })
                .start();
        engine.source.deliver(engine.source.assign("orders-0"), "1", "key");
        await().untilAsserted(() -> assertThat(seen).containsExactly("handler within orders/billing/1/1"));
        stage.complete(null);
        await().untilAsserted(() -> assertThat(seen).contains("orders/billing/1/1 succeeded within null"));
        subscription.close(Duration.ofSeconds(5));
    }
}
