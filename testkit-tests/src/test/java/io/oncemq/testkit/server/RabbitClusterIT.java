package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsRabbit(asProcess = true)
class RabbitClusterIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LeakCheck.threads("oncemq-", "AMQP ");

    @Tag("slow")
    @Test
    void aQuorumQueueOutlivesItsLeader() throws Exception {
        try (RabbitCluster cluster = RabbitCluster.started()) {
            assertThat(cluster.addresses().split(",")).hasSize(3);
            try (Connection connection = connect(cluster.node(0))) {
                Channel channel = connection.createChannel();
                channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", "quorum"));
                channel.confirmSelect();
                channel.basicPublish(
                        "", "q", MessageProperties.PERSISTENT_BASIC, "kept".getBytes(StandardCharsets.UTF_8));
                assertThat(channel.waitForConfirms(30_000)).isTrue();
            }
            cluster.settle();
            int leader = cluster.leader("q");
            cluster.node(leader).kill();

            int next = cluster.awaitLeaderOtherThan("q", leader);
            assertThat(next).isNotEqualTo(leader);
            try (Connection connection = connect(cluster.node(next))) {
                assertThat(awaitMessage(connection)).isEqualTo("kept");
            }

            cluster.node(leader).start();
            cluster.awaitMembers("q");
            assertThat(cluster.isRunning()).isTrue();
        }
    }

    private static String awaitMessage(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        GetResponse[] got = new GetResponse[1];
        await().atMost(Duration.ofSeconds(60)).until(() -> (got[0] = channel.basicGet("q", true)) != null);
        return new String(got[0].getBody(), StandardCharsets.UTF_8);
    }

    private static Connection connect(RabbitServer node) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(node.host());
        factory.setPort(node.port());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }
}
