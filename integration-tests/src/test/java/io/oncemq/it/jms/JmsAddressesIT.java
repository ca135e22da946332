package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConfigurationException;
import io.oncemq.jms.ActiveMq;
import io.oncemq.jms.Artemis;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.FreePorts;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two brokers in one list of addresses that both serve would split each destination between them. */
class JmsAddressesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ArtemisServer ARTEMIS = ArtemisServer.started();
    private static final ActiveMqServer CLASSIC = ActiveMqServer.started();

    /** @param one of a broker that another test of this package uses as well */
    private record Pair(Function<String, TransportFactory> at, int one, int other) {
        TransportFactory both() {
            return at.apply("127.0.0.1:" + one + ",127.0.0.1:" + other);
        }
    }

    static Stream<Named<Pair>> brokers() {
        return Stream.of(
                Named.of("Artemis", new Pair(Artemis::at, ArtemisRig.server().port(), ARTEMIS.port())),
                Named.of("Classic", new Pair(ActiveMq::at, ActiveMqRig.server().port(), CLASSIC.port())));
    }

    @AfterAll
    static void stop() {
        ARTEMIS.close();
        CLASSIC.close();
    }

    /** A client judges what answers within seconds: on a busy machine it may take some tries until both brokers do. */
    @ParameterizedTest
    @MethodSource("brokers")
    void twoBrokersThatBothServeAreRefusedByName(Pair pair) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatExceptionOfType(ConfigurationException.class)
                        .isThrownBy(() -> pair.both().open("split").close())
                        .withMessageContaining("127.0.0.1:" + pair.one)
                        .withMessageContaining("127.0.0.1:" + pair.other)
                        .satisfies(refused -> assertThat(refused.property()).isEqualTo("addresses")));
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void severalAddressesOfOneBrokerAreTaken(Pair pair) {
        pair.at
                .apply("127.0.0.1:" + pair.one + ",localhost:" + pair.one + ",127.0.0.1:" + FreePorts.reserve())
                .open("same")
                .close();
    }

    @Test
    void aPrimaryAndItsBackupAreTaken() {
        try (ArtemisServer primary = ArtemisServer.builder().primary().build()) {
            primary.start();
            try (ArtemisServer backup =
                    ArtemisServer.builder().backupOf(primary).build()) {
                backup.start();
                Artemis.at("127.0.0.1:" + primary.port() + ",127.0.0.1:" + backup.port())
                        .open("pair")
                        .close();
            }
        }
    }
}
