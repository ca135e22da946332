package io.oncemq.it.rocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DeadLetterTooLarge;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.it.kit.RawRocket;
import io.oncemq.rocket.Rocket;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** S7: a broker counts the body, and 32,767 bytes of properties. What it has accepted can be dead-lettered, and what cannot is named. */
class RocketLargeDeadLettersIT {
    private static final Duration PATIENT = Duration.ofMinutes(2);
    private static final int BODY = 4 << 20;
    private static final int PROPERTIES = 32_767;
    private static final String LARGE = "large";

    private final RocketServer server = RocketRig.server();
    private final String destination = RocketRig.name();
    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @Test
    void theLargestHeadersThatAPublisherTakesAreDeadLettered() {
        int largest = deadLetterTheLargest(
                PROPERTIES,
                size -> OutboundMessage.of("body".getBytes(UTF_8)).key("k").header(LARGE, "x".repeat(size)));
        assertThat(largest).isBetween(PROPERTIES - 10_000, PROPERTIES - 8_000);
        assertThat(letters())
                .singleElement()
                .satisfies(letter ->
                        assertThat(letter.getProperties().values()).anyMatch(value -> value.length() == largest));
    }

    @Test
    void theLargestBodyThatAPublisherTakesIsDeadLettered() {
        int largest = deadLetterTheLargest(
                BODY + 1_000, size -> OutboundMessage.of(noise(size)).key("k"));
        // What does not shrink grows a little in the client's compression.
        assertThat(largest).isBetween(BODY - 2_000, BODY);
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getBody()).hasSize(largest));
    }

    @Test
    @Tag("slow")
    void whatAForeignProducerLeavesNoRoomInIsToldAndThePolicyDecides() throws Exception {
        try (MessagingClient client = client()) {
            ensure(client);
            sendForeign("foreign", 32_000);
            sendForeign("next", 0);
            try (Subscription ignored = subscribe(client, DeadLetterPolicy.defaults())) {
                await().atMost(PATIENT).until(() -> events.stream().anyMatch(DeadLetterTooLarge.class::isInstance));
            }
            assertThat(letters()).isEmpty();
            assertThat(handled).isEmpty();
            try (Subscription ignored =
                    subscribe(client, DeadLetterPolicy.defaults().tooLarge(TooLarge.STUB))) {
                await().atMost(PATIENT).until(() -> handled.contains("next"));
            }
            assertThat(letters()).hasSize(1);
        }
    }

    /** Nothing that could be compressed. */
    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(size).nextBytes(noise);
        return noise;
    }

    private int deadLetterTheLargest(int above, IntFunction<OutboundMessage<byte[]>> message) {
        int largest = 0;
        try (MessagingClient client = client()) {
            ensure(client);
            Publisher<byte[]> publisher = client.publisher(destination, Codecs.bytes());
            int tooLarge = above;
            while (tooLarge - largest > 1) {
                int size = (largest + tooLarge) / 2;
                if (isTaken(publisher, message.apply(size))) {
                    largest = size;
                } else {
                    tooLarge = size;
                }
            }
            publisher
                    .publish(OutboundMessage.of("next".getBytes(UTF_8)).key("k"))
                    .join();
            int expected = largest;
            try (Subscription ignored = client.subscribe(destination, Codecs.bytes())
                    .group("g")
                    .retry(RetryPolicy.defaults().deadLetterOn(IllegalStateException.class))
                    .handle(delivery -> {
                        String header = delivery.headers().text(LARGE);
                        int size = header == null ? delivery.body().length : header.length();
                        if (size == expected) {
                            throw new IllegalStateException("x".repeat(5_000));
                        }
                        if (header == null && size < 100) {
                            handled.add(new String(delivery.body(), UTF_8));
                        }
                    })) {
                await().atMost(PATIENT).until(() -> handled.contains("next"));
            }
        }
        assertThat(events).noneMatch(DeadLetterTooLarge.class::isInstance);
        return largest;
    }

    private static boolean isTaken(Publisher<byte[]> publisher, OutboundMessage<byte[]> message) {
        try {
            publisher.publish(message).join();
            return true;
        } catch (CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.TOO_LARGE));
            return false;
        }
    }

    private Subscription subscribe(MessagingClient client, DeadLetterPolicy policy) {
        return client.subscribe(destination, Codecs.string())
                .group("g")
                .retry(RetryPolicy.defaults().deadLetterOn(IllegalStateException.class))
                .deadLetter(policy)
                .handle(delivery -> {
                    if (delivery.body().equals("foreign")) {
                        throw new IllegalStateException("x".repeat(5_000));
                    }
                    handled.add(delivery.body());
                });
    }

    private void sendForeign(String body, int properties) throws Exception {
        DefaultMQProducer producer = new DefaultMQProducer("foreign");
        producer.setNamesrvAddr(server.nameServer());
        producer.setInstanceName(UUID.randomUUID().toString());
        producer.start();
        try {
            Message message = new Message(RocketAsk.topic(destination), body.getBytes(UTF_8));
            message.putUserProperty("oncemq-key", "k");
            if (properties > 0) {
                message.putUserProperty(LARGE, "x".repeat(properties));
            }
            producer.send(message, new MessageQueue(RocketAsk.topic(destination), server.brokerName(0), 0));
        } finally {
            producer.shutdown();
        }
    }

    private List<MessageExt> letters() {
        return new RawRocket(server::nameServer)
                .messages(RocketAsk.topic(DestinationSpec.deadLetterName(destination, "g")));
    }

    private void ensure(MessagingClient client) {
        client.ensure(DestinationSpec.of(destination).partitions(1).group("g"));
    }

    private MessagingClient client() {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(Rocket.at(server.nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY))
                .idempotency(InProcessIdempotency.create())
                .listener(events::add)
                .build();
    }
}
