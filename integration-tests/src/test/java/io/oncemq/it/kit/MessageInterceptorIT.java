package io.oncemq.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.server.NeedsRabbit;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an observer adds goes out with the message, and what a handler derives is published on behalf of its delivery. */
class MessageInterceptorIT {
    private static final String TRACE = "trace";

    private final String orders = "orders-" + UUID.randomUUID();
    private final String bills = "bills-" + UUID.randomUUID();
    private final Map<String, String> traces = new ConcurrentHashMap<>();

    /** Writes down whose work the publishing thread does. */
    private static final class Tracing implements MessageInterceptor {
        private final ThreadLocal<String> current = ThreadLocal.withInitial(() -> "nobody");

        @Override
        public @Nullable Publishing publishing(
                String destination, OutboundMessage<?> message, Headers.Builder headers) {
            headers.set(TRACE, current.get());
            return null;
        }

        @Override
        public Handling handling(String destination, String group, Delivery<?> delivery) {
            String id = delivery.id();
            return new Handling() {
                @Override
                public void enter() {
                    current.set(id);
                }

                @Override
                public void leave() {
                    current.remove();
                }

                @Override
                public void ended(@Nullable Throwable failure) {}
            };
        }
    }

    @Test
    void aTraceGoesFromMessageToMessageOverKafka() {
        follows(KafkaFixture.consumerProtocol().transport());
    }

    @Test
    @NeedsRabbit
    void aTraceGoesFromMessageToMessageOverRabbit() {
        follows(new RabbitFixture().transport());
    }

    private void follows(TransportFactory transport) {
        try (MessagingClient client = MessagingClient.builder()
                .transport(transport)
                .idempotency("memory://" + orders)
                .profile(Profile.DEV)
                .interceptor(new Tracing())
                .build()) {
            client.ensure(
                    DestinationSpec.builder(orders).group("sync").group("async").build());
            client.ensure(DestinationSpec.builder(bills).group("billing").build());
            Publisher<String> out = client.publisher(bills, Codecs.string());
            client.subscription(orders, Codecs.string())
                    .group("sync")
                    .handler(delivery -> {
                        noted("order", delivery);
                        delivery.publishOnSuccess(out, OutboundMessage.of("sync"));
                    })
                    .start();
            client.subscription(orders, Codecs.string())
                    .group("async")
                    .asyncHandler(delivery -> {
                        delivery.publishOnSuccess(out, OutboundMessage.of("async"));
                        return CompletableFuture.runAsync(() -> {});
                    })
                    .start();
            client.subscription(bills, Codecs.string())
                    .group("billing")
                    .handler(delivery -> noted(String.valueOf(delivery.body()), delivery))
                    .start();
            client.publisher(orders, Codecs.string())
                    .publish(OutboundMessage.of("order").id("o-1"))
                    .join();
            await().atMost(Duration.ofSeconds(60)).until(() -> traces.size() == 3);
            assertThat(traces).isEqualTo(Map.of("order", "nobody", "sync", "o-1", "async", "o-1"));
        }
    }

    private void noted(String what, Delivery<?> delivery) {
        traces.put(what, String.valueOf(delivery.headers().text(TRACE)));
    }
}
