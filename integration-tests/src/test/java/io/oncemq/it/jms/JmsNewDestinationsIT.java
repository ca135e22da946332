package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** S11: what a publish session has to ask about a destination holds up no message to another one. */
class JmsNewDestinationsIT {
    private static final Duration ONE_WAY = Duration.ofMillis(300);
    /** At least one question each, one after another: more than six seconds. */
    private static final int NEW = 10;

    private static final PublisherOptions PATIENT =
            PublisherOptions.builder().deadline(Duration.ofMinutes(3)).build();

    private static final int MESSAGES = 20;

    private record Broker(TransportFactory transport, TcpProxy proxy) {}

    static Stream<Named<Broker>> brokers() {
        return Stream.of(
                Named.of("Artemis", new Broker(ArtemisRig.artemis(), ArtemisRig.proxy())),
                Named.of("Classic", new Broker(ActiveMqRig.activeMq(), ActiveMqRig.proxy())));
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void aBrokerThatAnswersSlowlyDelaysOnlyTheDestinationThatItIsAskedAbout(Broker broker) {
        try (MessagingClient client = MessagingClient.builder()
                .transport(broker.transport)
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build()) {
            client.ensure(DestinationSpec.builder("known").group("g").build());
            IntStream.range(0, NEW)
                    .forEach(n -> client.ensure(
                            DestinationSpec.builder("new." + n).group("g").build()));
            Publisher<String> known = client.publisher("known", Codecs.string(), PATIENT);
            List<Publisher<String>> others = IntStream.range(0, NEW)
                    .mapToObj(n -> client.publisher("new." + n, Codecs.string(), PATIENT))
                    .toList();
            known.publish(OutboundMessage.of("first")).join();
            broker.proxy.delay(ONE_WAY);
            try {
                List<CompletableFuture<Receipt>> unknown = others.stream()
                        .map(each -> each.publish(OutboundMessage.of("new")))
                        .toList();
                long since = System.nanoTime();
                List<CompletableFuture<Receipt>> passing = IntStream.range(0, MESSAGES)
                        .mapToObj(n -> known.publish(OutboundMessage.of("known").key("key-" + n)))
                        .toList();
                passing.forEach(CompletableFuture::join);
                assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(4));
                assertThat(unknown).anyMatch(each -> !each.isDone());
                unknown.forEach(CompletableFuture::join);
            } finally {
                broker.proxy.restore();
            }
        }
    }
}
