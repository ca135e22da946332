package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConnectionException;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers are asked for a sign of life at the same time, each for 5 seconds. */
class RocketLifeSignsIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final RocketServer server = RocketRig.patient().brokers(2).build();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFrozenBrokerHoldsUpNoPingThatTheOtherAnswers(int frozen) {
        try (BrokerTransport transport = Rocket.at(server.nameServer()).open("life")) {
            transport.ping();
            server.pauseBroker(frozen);
            long since = System.nanoTime();
            transport.ping();
            assertThat(since(since)).isLessThan(LIMIT.dividedBy(2));
            server.resumeBroker(frozen);
        }
    }

    @Test
    void frozenBrokersAreNamedTogetherWithinTheTimeOfOne() {
        try (BrokerTransport transport = Rocket.at(server.nameServer()).open("life")) {
            transport.ping();
            server.pauseBroker(0);
            server.pauseBroker(1);
            long since = System.nanoTime();
            assertThatExceptionOfType(ConnectionException.class)
                    .isThrownBy(transport::ping)
                    .withMessageContaining(server.brokerName(0) + " at ")
                    .withMessageContaining(server.brokerName(1) + " at ")
                    .withMessageContaining("has not answered for 5 s");
            assertThat(since(since)).isBetween(LIMIT, LIMIT.plusSeconds(3));
            server.resumeBroker(0);
            server.resumeBroker(1);
            transport.ping();
        }
    }

    @Test
    void theFrozenOneIsNamedBesideOneThatIsGone() {
        try (BrokerTransport transport = Rocket.at(server.nameServer()).open("life")) {
            transport.ping();
            server.pauseBroker(0);
            server.killBroker(1);
            long since = System.nanoTime();
            assertThatExceptionOfType(ConnectionException.class)
                    .isThrownBy(transport::ping)
                    .withMessageContaining(server.brokerName(0) + " at ")
                    .withMessageContaining("has not answered for 5 s");
            assertThat(since(since)).isLessThan(LIMIT.plusSeconds(3));
            server.resumeBroker(0);
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
