package io.oncemq.it.rabbit;

import static io.oncemq.it.LargeMessages.LARGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.LongString;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.it.LargeMessages;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** S7 on each version at hand: what the server has accepted can be dead-lettered, and what cannot is named. */
@NeedsRabbit(asProcess = true)
class RabbitLargeDeadLettersIT {
    private static final int FRAME = 131_072;

    private static final Map<Path, RabbitServer> SERVERS = new LinkedHashMap<>();

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
        try (LargeMessages large = new LargeMessages(rabbit, destination).ensure()) {
            send(server, headers(0), new byte[PublishRig.LARGEST]);
            assertThatThrownBy(() -> send(server, headers(0), new byte[PublishRig.LARGEST + 1]))
                    .hasMessageContaining("channel");
            send(server, headers(0), LargeMessages.NEXT.getBytes(UTF_8));
            large.handle(DeadLetterPolicy.defaults());
            assertThat(large.tooLarge()).isEmpty();
        }
        assertThat(letters(server))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getBody()).hasSize(PublishRig.LARGEST));
    }

    @ParameterizedTest
    @MethodSource("homes")
    void theLargestHeadersThatAPublisherTakesAreDeadLettered(Path home) {
        RabbitServer server = server(home);
        int largest;
        try (LargeMessages large = new LargeMessages(PublishRig.rabbit(server), destination).ensure()) {
            largest = large.publishLargest(FRAME, LargeMessages::header);
            large.handle(DeadLetterPolicy.defaults());
            assertThat(large.tooLarge()).isEmpty();
        }
        assertThat(largest).isBetween(FRAME - 18_000, FRAME - 16_000);
        assertThat(letters(server))
                .singleElement()
                .satisfies(letter -> assertThat(header(letter, LARGE)).hasSize(largest));
    }

    @ParameterizedTest
    @MethodSource("homes")
    void foreignHeadersAtTheFramesLimitAreNamedAndThePolicyDecides(Path home) {
        RabbitServer server = server(home);
        Rabbit rabbit = PublishRig.rabbit(server);
        try (LargeMessages large = new LargeMessages(rabbit, destination).ensure()) {
            send(server, atTheFramesLimit(), "body".getBytes(UTF_8));
            send(server, headers(0), LargeMessages.NEXT.getBytes(UTF_8));
            large.hold();
            assertThat(letters(server)).isEmpty();
        }
        try (LargeMessages stubs = new LargeMessages(rabbit, destination)) {
            stubs.handle(DeadLetterPolicy.builder().tooLarge(TooLarge.STUB).build());
        }
        assertThat(letters(server)).singleElement().satisfies(letter -> {
            assertThat(header(letter, "oncemq-dead-letter-destination")).isEqualTo(destination.getBytes(UTF_8));
            assertThat(letter.getProperties().getHeaders()).doesNotContainKey(LARGE);
        });
    }

    private List<Delivery> letters(RabbitServer server) {
        return PublishRig.drain(server, LargeMessages.letters(destination) + ".g.0");
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
