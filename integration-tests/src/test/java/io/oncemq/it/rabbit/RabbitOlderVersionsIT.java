package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.MessagingClient;
import io.oncemq.Ordering;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.UnsupportedFeatureException;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a message may ask of a server before 4.0. */
@NeedsRabbit(asProcess = true)
class RabbitOlderVersionsIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    static List<Path> older() {
        return RabbitServer.homes().stream()
                .filter(home -> home.getFileName().toString().startsWith("rabbitmq_server-3."))
                .toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("older")
    void delaysAndLetsExpireAndSaysThatItHasNoPriorities(Path home) {
        try (RabbitServer server = RabbitServer.builder().home(home).build()) {
            server.start();
            try (MessagingClient client = MessagingClient.builder()
                    .transport(PublishRig.rabbit(server))
                    .withoutIdempotency()
                    .profile(Profile.DEV)
                    .build()) {
                String destination = PublishRig.name();
                client.ensure(DestinationSpec.builder(destination)
                        .group("g")
                        .delays(SHORT)
                        .build());
                Publisher<String> orders = client.publisher(destination, Codecs.string());
                orders.publish(OutboundMessage.of("mayfly").timeToLive(SHORT)).join();
                orders.publish(OutboundMessage.of("late").delay(SHORT)).join();
                Handled dead = Handled.of(client, destination + ".g.dlq", Ordering.PER_KEY);
                await().until(() -> dead.bodies().contains("mayfly"));
                Handled handled = Handled.of(client, destination, Ordering.PER_KEY);
                await().until(() -> handled.bodies().contains("late"));
                assertThat(handled.bodies()).containsExactly("late");
                assertThatExceptionOfType(UnsupportedFeatureException.class)
                        .isThrownBy(
                                () -> orders.publish(OutboundMessage.of("high").priority(9)))
                        .withMessageContaining("before RabbitMQ 4.0")
                        .returns(Feature.PRIORITY, UnsupportedFeatureException::feature);
            }
        }
    }
}
