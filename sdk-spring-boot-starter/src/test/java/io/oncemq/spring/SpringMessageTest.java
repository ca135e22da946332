package io.oncemq.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.jackson.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;

/** Listeners that take a {@code Message} of Spring Messaging, and what its headers say. */
class SpringMessageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the listener was called with. */
    private static final List<Object> SEEN = new CopyOnWriteArrayList<>();

    private final Toys toys = new Toys();

    SpringMessageTest() {
        SEEN.clear();
    }

    static class WithMessage {
        @OnceListener(destination = "orders", group = "billing")
        void on(Message<Order> message) {
            SEEN.addAll(List.of(message.getPayload(), message.getHeaders().get("tenant")));
        }
    }

    static class WithHeaders {
        @OnceListener(destination = "orders", group = "billing", retryDelay = "1ms", maxRetryDelay = "1ms")
        void on(Message<Order> message, @Header(OnceListener.MESSAGE_ID) String id) {
            MessageHeaders headers = message.getHeaders();
            SEEN.add(Arrays.asList(id, headers.get("oncemq.id"), headers.getId(), headers.getTimestamp()));
            if (SEEN.size() == 1) {
                throw new IllegalStateException("once more");
            }
        }
    }

    private void sees(Class<?> listener, Order order, Object... expected) {
        toys.application("billing", "orders").withBean(listener).run(context -> {
            context.getBean(MessagingClient.class)
                    .publisher("orders", Json.of(Order.class))
                    .publish(OutboundMessage.of(order)
                            .id(order.id())
                            .header("tenant", "acme")
                            .header("timestamp", "yesterday"))
                    .join();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(SEEN).containsExactly(expected));
        });
    }

    private void seesHeaders(String id, UUID uuid, @Nullable Long timestamp) {
        List<Object> attempt = Arrays.asList(id, id, uuid, timestamp);
        sees(WithHeaders.class, new Order(id, "ann", 5), attempt, attempt);
    }

    @Test
    void itHasTheBodyAndTheHeaders() {
        Order order = new Order("1", "ann", 5);
        sees(WithMessage.class, order, order, "acme");
    }

    @Test
    void itHasTheIdAndTheTimeOfTheMessageInEachAttempt() {
        UUID uuid = UUID.randomUUID();
        toys.broker().stamp(1_700_000_000_123L);
        seesHeaders(uuid.toString(), uuid, 1_700_000_000_123L);
    }

    @Test
    void anIdThatIsNotAUuidIsAHeaderAndAnUnknownTimeIsAbsent() {
        seesHeaders("o-1", UUID.nameUUIDFromBytes("o-1".getBytes(UTF_8)), null);
    }

    /** It is another id than the same one in lower case. */
    @Test
    void anIdInCapitalLettersIsNotAUuid() {
        String id = UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
        seesHeaders(id, UUID.nameUUIDFromBytes(id.getBytes(UTF_8)), null);
    }
}
