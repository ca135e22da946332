package io.oncemq.it.kit;

import static org.awaitility.Awaitility.await;

import io.oncemq.Codec;
import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEventListener;
import io.oncemq.MessagingException;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.RetryPolicy;
import io.oncemq.jackson.Json;
import io.oncemq.kafka.Kafka;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can go wrong with a message, in a JVM of its own whose log tells all that OnceMQ has to say. Bodies and secrets are marked,
 * and so is what the application itself says of a body in its exceptions.
 */
final class TalkativeStory {
    /** In each body, and in the text of each exception of the application. */
    static final String BODY = "4711-secret-body";

    static final String HEADER = "4711-secret-header";
    static final String PASSWORD = "4711-secret-password";

    /** Numbers, so that a body that is none is refused by the codec. */
    record Order(int amount) {}

    private final TransportFactory transport;
    private final IdempotencyStoreFactory store;
    private final String orders = "orders-" + UUID.randomUUID();
    private final ConcurrentLinkedQueue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable String> seen = new AtomicReference<>();

    private TalkativeStory(TransportFactory transport, IdempotencyStoreFactory store) {
        this.transport = transport;
        this.store = store;
    }

    /** Arguments: kafka, rabbit or rocket, its address, the user, the password and the address of the store. */
    public static void main(String[] args) {
        String at = args[1];
        TransportFactory transport = transport(args[0], at, args[2], args[3]);
        new TalkativeStory(transport, RedisIdempotency.at(args[4])).run();
        if (!args[0].equals("rocket")) { // whose brokers take any credentials where they have no access control
            refused(refusedTransport(args[0], at), RedisIdempotency.at(args[4]));
        }
        refused(transport, RedisIdempotency.at(args[4]).credentials("somebody", PASSWORD));
        System.err.println("THE END");
        System.exit(0);
    }

    private static TransportFactory transport(String broker, String at, String user, String password) {
        return switch (broker) {
            case "kafka" -> Kafka.at(at);
            case "rabbit" -> Rabbit.at(at).login(user, password);
            default -> Rocket.at(at).credentials("somebody", PASSWORD);
        };
    }

    private static TransportFactory refusedTransport(String broker, String at) {
        return broker.equals("kafka")
                ? Kafka.at(at).plain("somebody", PASSWORD)
                : Rabbit.at(at).login("somebody", PASSWORD);
    }

    /** What the application would print of an exception. */
    private static void refused(TransportFactory transport, IdempotencyStoreFactory store) {
        System.err.println(transport + " " + store);
        try {
            client(transport, store, event -> {}).close();
            throw new IllegalStateException("the credentials were not refused");
        } catch (MessagingException e) {
            e.printStackTrace();
        }
    }

    private static MessagingClient client(
            TransportFactory transport, IdempotencyStoreFactory store, MessagingEventListener listener) {
        return MessagingClient.builder()
                .transport(transport)
                .idempotency(store)
                .profile(Profile.DEV)
                .eventListener(listener)
                .interceptor(new Clumsy())
                .build();
    }

    /** An observer of the application that fails and says too much. */
    private static final class Clumsy implements MessageInterceptor {
        @Override
        public @Nullable Publishing publishing(
                String destination, OutboundMessage<?> message, Headers.Builder headers) {
            throw new IllegalStateException("cannot observe " + message.body());
        }
    }

    private void run() {
        try (MessagingClient client = client(transport, store, this::heard)) {
            client.ensure(DestinationSpec.builder(orders)
                    .partitions(1)
                    .group("billing")
                    .build());
            client.subscription(orders, Json.of(Order.class))
                    .group("billing")
                    .retry(RetryPolicy.builder()
                            .fixed(Duration.ofMillis(10))
                            .maxAttempts(2)
                            .build())
                    .handler(this::handle)
                    .start();
            publishAll(client);
            await().atMost(Duration.ofSeconds(60)).until(this::complete);
        }
        System.err.println(seen.get());
    }

    private void heard(MessagingEvent event) {
        events.add(event);
        throw new IllegalStateException("cannot listen to " + BODY);
    }

    private boolean complete() {
        return count(MessagingEvent.DeadLettered.class) == 2
                && count(MessagingEvent.IdReused.class) == 1
                && count(MessagingEvent.DeliveryCompleted.class) == 1;
    }

    private long count(Class<? extends MessagingEvent> type) {
        return events.stream().filter(type::isInstance).count();
    }

    private void handle(Delivery<Order> delivery) {
        seen.set(delivery + " " + delivery.headers());
        if (delivery.id().equals("fails")) {
            throw new IllegalStateException("cannot charge " + BODY, new IllegalArgumentException(BODY));
        }
    }

    private void publishAll(MessagingClient client) {
        Publisher<String> raw = client.publisher(orders, Codecs.string());
        List<OutboundMessage<String>> messages = List.of(
                message("fails", "{\"amount\": 1, \"note\": \"" + BODY + "\"}"),
                message("cannot-be-read", "{\"amount\": \"" + BODY + "\"}"),
                message("works", "{\"amount\": 2}"),
                message("works", "{\"amount\": 3}"));
        System.err.println(messages);
        messages.forEach(each -> raw.publish(each).join());
        refusedPublish(raw, message("huge", BODY.repeat(1_200_000)));
        refusedPublish(client.publisher(orders, unwilling()), message("cannot-be-written", BODY));
    }

    private static void refusedPublish(Publisher<String> publisher, OutboundMessage<String> message) {
        try {
            publisher.publish(message).join();
            throw new IllegalStateException("it was not refused");
        } catch (CompletionException | MessagingException e) {
            e.printStackTrace();
        }
    }

    private static OutboundMessage<String> message(String id, String body) {
        return OutboundMessage.of(body).id(id).key("k").header("token", HEADER);
    }

    /** Refuses by itself; its cause is not of its making. */
    private static Codec<String> unwilling() {
        return new Codec<>() {
            @Override
            public byte[] encode(String body) {
                throw new UnsupportedOperationException();
            }

            @Override
            public String decode(byte[] bytes, Headers headers) {
                throw new UnsupportedOperationException();
            }

            @Override
            public String contentType() {
                return "text/plain";
            }
        };
    }
}
