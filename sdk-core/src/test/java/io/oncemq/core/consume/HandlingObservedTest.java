package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Delivery;
import io.oncemq.MessageObserver;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandlingObservedTest {
    private final EngineHarness engine = new EngineHarness();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final ThreadLocal<@Nullable String> current = new ThreadLocal<>();

    HandlingObservedTest() {
        engine.observers.add(new Noting());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private final class Noting implements MessageObserver {
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

    @Test
    void aStageIsFollowedUntilItCompletes() {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        Subscription subscription = engine.subscribe().handleAsync(delivery -> {
            seen.add("handler within " + current.get());
            return stage;
        });
        engine.source.deliver(engine.source.assign("orders-0"), "1", "key");
        await().untilAsserted(() -> assertThat(seen).containsExactly("handler within orders/billing/1/1"));
        stage.complete(null);
        await().untilAsserted(() -> assertThat(seen).contains("orders/billing/1/1 succeeded within null"));
        subscription.close(Duration.ofSeconds(5));
    }
}
