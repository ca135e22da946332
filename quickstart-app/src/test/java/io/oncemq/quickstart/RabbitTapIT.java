package io.oncemq.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

@NeedsRabbit
class RabbitTapIT {
    private final List<Tap.Original> originals = new ArrayList<>();
    private int stored;

    @Test
    void aBrokerThatDiesBeforeItConfirmsCopiesIsAwayAndBreaksNothing() throws Exception {
        try (RabbitServer server = RabbitServer.builder().asProcess().build()) {
            server.start();
            publishOne(server);
            try (Tap tap = new RabbitTap(() -> connect(server), new Stop())) {
                publishOne(server);
                await().atMost(Duration.ofSeconds(60)).until(() -> originals.addAll(tap.read()));
                server.pause();
                originals.get(0).writeAgain(() -> stored++);

                server.kill();
                tap.flush();

                assertThat(stored).isZero();
                assertThat(tap.read()).isEmpty();
                assertThat(tap.isAtEnd()).isFalse();
            }
        }
    }

    private static void publishOne(RabbitServer server) throws Exception {
        try (Connection connection = connect(server);
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare(Places.DESTINATION, BuiltinExchangeType.DIRECT, true);
            channel.confirmSelect();
            channel.basicPublish(
                    Places.DESTINATION,
                    "0/" + Places.PARTITIONS,
                    MessageProperties.PERSISTENT_BASIC,
                    "order".getBytes(UTF_8));
            channel.waitForConfirmsOrDie(30_000);
        }
    }

    private static Connection connect(RabbitServer server) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setAutomaticRecoveryEnabled(false);
        factory.setHost(server.host());
        factory.setPort(server.port());
        return factory.newConnection("tap");
    }
}
