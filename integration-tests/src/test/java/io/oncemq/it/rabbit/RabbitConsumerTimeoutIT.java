package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.LostPositions;
import io.oncemq.it.kit.RawRabbit;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Q7 with the settings of a real server, which looks once a minute. */
@NeedsRabbit
@Tag("slow")
class RabbitConsumerTimeoutIT {
    private static final int EPOCHS = 6;

    @Test
    void nothingIsTakenAwayThoughNothingIsSettledForMinutes() {
        try (RabbitServer server =
                RabbitServer.builder().config("consumer_timeout", 60_000).build()) {
            server.start();
            RawRabbit raw = new RawRabbit(server::uri);
            raw.layout("orders", 1, "g");
            Rabbit rabbit = Rabbit.at("127.0.0.1:" + server.port()).consumerTimeout(Duration.ofMinutes(1));
            Received received = Received.settlingNothing();
            try (BrokerTransport transport = rabbit.open("slow");
                    MessageSource source = transport.openSource(
                            SharedRabbit.spec("orders", LostPositions.STOP, Duration.ofSeconds(20)), received)) {
                source.start();
                raw.publish("orders", 0, 1, SharedRabbit.numbers(0, 3));
                await().atMost(Duration.ofMinutes(5)).until(() -> received.assigned.size() == EPOCHS);
                assertThat(received.lost).isEmpty();
                assertThat(server.logTail()).doesNotContain("delivery acknowledgement");
            }
        }
    }
}
