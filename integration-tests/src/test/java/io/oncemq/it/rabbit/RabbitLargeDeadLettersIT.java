package io.oncemq.it.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.LongString;
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
import io.oncemq.rabbit.Rabbit;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** S7 on each version at hand: what the server has accepted can be dead-lettered, and what cannot is named. */
@NeedsRabbit(asProcess = true)
class RabbitLargeDeadLettersIT {
    private static final Duration PATIENT = Duration.ofMinutes(2);
    private static final String LARGE = "large";
    private static final int FRAME = 131_072;

    private static final Map<Path, RabbitServer> SERVERS = new LinkedHashMap<>();

    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final String destination = PublishRig.name();

    static List<Path> homes() {
        return RabbitServer.homes();
    }

    private static RabbitServer server(Path home) {
        return SERVERS.computeIfAbsent(home, each -> {
            RabbitServer server = RabbitServer.builder()
                    .home(each)
                    .config("max_message_size", PublishRig.LARGEST)
                    .build();
            server.start();
            return server;
        });
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(RabbitServer::close);
    }

    /** The client believes in half of the server's limit: of a body that the server took before, the server decides again. */
    @ParameterizedTest
    @MethodSource("homes")
    void aForeignBodyAtTheServersLimitIsDeadLettered(Path home) {
        RabbitServer server = server(home);
        Rabbit rabbit = PublishRig.rabbit(server).maxMessageSize(PublishRig.LARGEST / 2);
        try (MessagingClient client = client(rabbit)) {
            ensure(client);
            send(server, headers(0), new byte[PublishRig.LARGEST]);
            assertThatThrownBy(() -> send(server, headers(0), new byte[PublishRig.LARGEST + 1]))
                    .hasMessageContaining("channel");
            send(server, headers(0), "next".getBytes(UTF_8));
            try (Subscription ignored = subscribe(client, DeadLetterPolicy.defaults())) {
                await().atMost(PATIENT).until(() -> handled.contains("next"));
            }
        }
        assertThat(letters(server))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getBody()).hasSize(PublishRig.LARGEST));
        assertThat(events).noneMatch(DeadLetterTooLarge.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("homes")
    void theLargestHeadersThatAPublisherTakesAreDeadLettered(Path home) {
        RabbitServer server = server(home);
        int largest = 0;
        try (MessagingClient client = client(PublishRig.rabbit(server))) {
            ensure(client);
            Publisher<String> publisher = client.publisher(destination, Codecs.string());
            int tooLarge = FRAME;
            while (tooLarge - largest > 1) {
                int size = (largest + tooLarge) / 2;
                if (isTaken(publisher, size)) {
                    largest = size;
                } else {
                    tooLarge = size;
                }
            }
            assertThat(largest).isBetween(FRAME - 18_000, FRAME - 16_000);
            publisher.publish(OutboundMessage.of("next").key("k")).join();
            try (Subscription ignored = subscribe(client, DeadLetterPolicy.defaults())) {
                await().atMost(PATIENT).until(() -> handled.contains("next"));
            }
        }
        int expected = largest;
        assertThat(letters(server))
                .anySatisfy(letter -> assertThat(header(letter, LARGE)).hasSize(expected));
        assertThat(events).noneMatch(DeadLetterTooLarge.class::isInstance);
    }

    private static boolean isTaken(Publisher<String> publisher, int size) {
        try {
            publisher
                    .publish(OutboundMessage.of("body").key("k").header(LARGE, "x".repeat(size)))
                    .join();
            return true;
        } catch (CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.TOO_LARGE));
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void foreignHeadersAtTheFramesLimitAreNamedAndThePolicyDecides(Path home) {
        RabbitServer server = server(home);
        try (MessagingClient client = client(PublishRig.rabbit(server))) {
            ensure(client);
            send(server, atTheFramesLimit(), "body".getBytes(UTF_8));
            send(server, headers(0), "next".getBytes(UTF_8));
            try (Subscription ignored = subscribe(client, DeadLetterPolicy.defaults())) {
                await().atMost(PATIENT).until(() -> events.stream().anyMatch(DeadLetterTooLarge.class::isInstance));
                assertThat(events.stream().filter(DeadLetterTooLarge.class::isInstance))
                        .first()
                        .isInstanceOfSatisfying(
                                DeadLetterTooLarge.class,
                                told -> assertThat(told.choice()).isEqualTo(TooLarge.HOLD));
            }
            assertThat(letters(server)).isEmpty();
            DeadLetterPolicy stub = DeadLetterPolicy.defaults().tooLarge(TooLarge.STUB);
            try (Subscription ignored = subscribe(client, stub)) {
                await().atMost(PATIENT).until(() -> handled.contains("next"));
            }
        }
        assertThat(letters(server)).singleElement().satisfies(letter -> {
            assertThat(header(letter, "oncemq-dead-letter-destination")).isEqualTo(destination.getBytes(UTF_8));
            assertThat(letter.getProperties().getHeaders()).doesNotContainKey(LARGE);
        });
    }

    private MessagingClient client(Rabbit rabbit) {
        return MessagingClient.builder()
                .transport(rabbit)
                .idempotency(InProcessIdempotency.create())
                .profile(Profile.DEV)
                .listener(events::add)
                .build();
    }

    private void ensure(MessagingClient client) {
        client.ensure(DestinationSpec.of(DestinationSpec.deadLetterName(destination, "g"))
                .group("g"));
        client.ensure(DestinationSpec.of(destination).group("g"));
    }

    private Subscription subscribe(MessagingClient client, DeadLetterPolicy policy) {
        return client.subscribe(destination, Codecs.bytes())
                .group("g")
                .retry(RetryPolicy.defaults().deadLetterOn(IllegalStateException.class))
                .deadLetter(policy)
                .handle(delivery -> {
                    byte[] body = delivery.body();
                    if (body == null || body.length > 100 || delivery.headers().contains(LARGE)) {
                        throw new IllegalStateException("x".repeat(5_000));
                    }
                    handled.add(new String(body, UTF_8));
                });
    }

    private List<Delivery> letters(RabbitServer server) {
        return PublishRig.drain(server, DestinationSpec.deadLetterName(destination, "g") + ".g.0");
    }

    private static byte[] header(Delivery message, String name) {
        return ((LongString) message.getProperties().getHeaders().get(name)).getBytes();
    }

    private static BasicProperties headers(int size) {
        Map<String, Object> table = size == 0
                ? Map.of("oncemq-key", "k".getBytes(UTF_8))
                : Map.of("oncemq-key", "k".getBytes(UTF_8), LARGE, new byte[size]);
        return new BasicProperties.Builder().headers(table).deliveryMode(2).build();
    }

    /** Whose frame is the largest that the server takes, to the byte. */
    private static BasicProperties atTheFramesLimit() {
        try {
            int around = headers(FRAME).toFrame(1, 0).size() - FRAME;
            return headers(FRAME - around);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By a client that knows nothing of OnceMQ, but for the header of the key. */
    private void send(RabbitServer server, BasicProperties properties, byte[] body) {
        PublishRig.raw(server, channel -> {
            channel.confirmSelect();
            channel.basicPublish("", destination + ".g.0", true, properties, body);
            channel.waitForConfirmsOrDie(60_000);
            return true;
        });
    }
}
