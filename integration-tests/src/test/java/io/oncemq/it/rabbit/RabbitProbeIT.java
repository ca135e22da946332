package io.oncemq.it.rabbit;

import static io.oncemq.it.rabbit.PublishRig.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A publisher asks for its right to write to an exchange before the first message. No queue of another program receives the question. A queue
 * that keeps a message forever, or sends it on when it expires, would show it.
 */
@NeedsRabbit(asProcess = true)
@ParameterizedClass
@MethodSource("homes")
class RabbitProbeIT {
    private static final String FOREIGN = "foreign";
    private static final String EXPIRED = "foreign-expired";

    private final RabbitServer server;
    private final String name = PublishRig.name();

    RabbitProbeIT(Path home) {
        server = RabbitServer.builder().home(home).build();
        server.start();
        raw(server, channel -> channel.queueDeclare(EXPIRED, true, false, false, Map.of()));
        raw(
                server,
                channel -> channel.queueDeclare(
                        FOREIGN,
                        true,
                        false,
                        false,
                        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", EXPIRED)));
    }

    static List<Path> homes() {
        return RabbitServer.homes();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anAlternateExchangeOfAPolicyDoesNotReceiveIt() {
        raw(server, channel -> channel.exchangeDeclare("catch-all", "fanout", true));
        raw(server, channel -> channel.queueBind(FOREIGN, "catch-all", ""));
        server.eval("ok = rabbit_policy:set(<<\"/\">>, <<\"unrouted\">>, <<\"^" + name
                + "$\">>, [{<<\"alternate-exchange\">>, <<\"catch-all\">>}], 0, <<\"exchanges\">>, <<\"test\">>)");
        ensure();
        publishAsOwner();
        assertForeign(0);
    }

    @Test
    void aQueueThatIsBoundWithAnEmptyRoutingKeyDoesNotReceiveIt() {
        ensure();
        raw(server, channel -> channel.queueBind(FOREIGN, name, ""));
        publishAsOwner();
        assertForeign(0);
    }

    /** Such an exchange is refused by {@code ensure}; a publisher alone does not declare it. */
    @ParameterizedTest
    @ValueSource(strings = {"fanout", "headers", "topic"})
    void anExchangeThatRoutesAnyKeyHasTheMessageOnly(String type) {
        raw(server, channel -> channel.exchangeDeclare(name, type, true));
        raw(server, channel -> channel.exchangeDeclare(name + ".shard.0", "direct", true));
        raw(server, channel -> channel.queueBind(FOREIGN, name, type.equals("topic") ? "#" : ""));
        try (MessagingClient client = client(server.user(), server.password())) {
            publish(client);
        }
        assertForeign(1);
    }

    @Test
    void aMissingRightIsStillFoundByIt() {
        ensure();
        raw(server, channel -> channel.queueBind(FOREIGN, name, ""));
        server.createUser("reader", "word", "/", "", "", ".*");
        try (MessagingClient reader = client("reader", "word")) {
            assertThatThrownBy(() -> publish(reader))
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.UNAUTHORIZED));
        }
        assertForeign(0);
    }

    private void ensure() {
        try (MessagingClient client = client(server.user(), server.password())) {
            client.ensure(DestinationSpec.builder(name).group("g").build());
        }
    }

    private void publishAsOwner() {
        try (MessagingClient client = client(server.user(), server.password())) {
            publish(client);
        }
        assertThat(PublishRig.drain(server, name + ".g.0")).hasSize(1);
    }

    private void publish(MessagingClient client) {
        client.publisher(name, Codecs.string())
                .publishAndAwait(OutboundMessage.of("body").id("1").key("k"));
    }

    private void assertForeign(int messages) {
        assertThat(PublishRig.drain(server, FOREIGN)).hasSize(messages);
        assertThat(PublishRig.drain(server, EXPIRED)).isEmpty();
    }

    private MessagingClient client(String user, String password) {
        return MessagingClient.builder()
                .transport(Rabbit.at("127.0.0.1:" + server.port()).login(user, password))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build();
    }
}
