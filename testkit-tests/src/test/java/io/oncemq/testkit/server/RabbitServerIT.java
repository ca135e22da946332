package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("containers")
@NeedsRabbit
class RabbitServerIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LeakCheck.threads("oncemq-", "AMQP ");

    private static final int HASTY_MILLIS = 2_000;
    private static final int PATIENT_MILLIS = 60_000;

    private static RabbitServer rabbit;

    @BeforeAll
    static void start() {
        rabbit = RabbitServer.started();
    }

    @AfterAll
    static void close() {
        rabbit.close();
    }

    @Test
    void keepsConfirmedMessagesOfAQuorumQueueThroughAKillOnTheSamePort() throws Exception {
        int port = rabbit.port();
        try (Connection connection = connect()) {
            quorumQueue(connection, "kept");
            rabbit.settle();
            publish(connection, "kept", "survives");
        }
        rabbit.kill();
        assertThat(rabbit.isRunning()).isFalse();
        assertThatThrownBy(this::connect).isInstanceOf(java.net.ConnectException.class);
        rabbit.start();
        assertThat(rabbit.port()).isEqualTo(port);
        try (Connection connection = connect()) {
            assertThat(awaitMessage(connection, "kept")).isEqualTo("survives");
        }
    }

    @Test
    void answersNothingWhilePausedAndGoesOnAfterwards() throws Exception {
        rabbit.pause();
        try {
            assertThatThrownBy(() -> connect(rabbit.user(), rabbit.password(), "/", HASTY_MILLIS))
                    .isInstanceOfAny(TimeoutException.class, java.net.SocketTimeoutException.class);
            assertThat(rabbit.isRunning()).isTrue();
        } finally {
            rabbit.resume();
        }
        try (Connection connection = connect()) {
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void blocksPublishersUnderAMemoryAlarmUntilItIsCleared() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch unblocked = new CountDownLatch(1);
        try (Connection connection = connect()) {
            connection.addBlockedListener(reason -> blocked.countDown(), unblocked::countDown);
            quorumQueue(connection, "alarmed");
            publish(connection, "alarmed", "before");
            rabbit.raiseMemoryAlarm();
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            channel.basicPublish("", "alarmed", MessageProperties.PERSISTENT_BASIC, bytes("after"));
            assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();
            rabbit.clearMemoryAlarm();
            assertThat(unblocked.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(channel.waitForConfirms(30_000)).isTrue();
        } finally {
            rabbit.clearMemoryAlarm();
        }
    }

    @Test
    void closesConnectionsFromItsSide() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        StringBuffer reason = new StringBuffer();
        try (Connection connection = connect()) {
            connection.addShutdownListener(cause -> {
                reason.append(cause.getReason());
                closed.countDown();
            });
            // Those of other tests may take a moment to go.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> rabbit.eval("length(rabbit_networking:local_connections())")
                            .equals("1"));
            assertThat(rabbit.closeConnections()).isEqualTo(1);
            assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(reason.toString()).contains("CONNECTION_FORCED");
        } catch (ShutdownSignalException closedAlready) {
            // as wanted
        }
    }

    @Test
    void makesVirtualHostsAndUsersWithRights() throws Exception {
        rabbit.createVirtualHost("tenant");
        rabbit.createUser("reader", "s3cret", "tenant", "", "", ".*");
        try (Connection owner = connect(rabbit.user(), rabbit.password(), "tenant")) {
            quorumQueue(owner, "q");
        }
        try (Connection reader = connect("reader", "s3cret", "tenant")) {
            assertThat(reader.createChannel().basicGet("q", true)).isNull();
            assertThatThrownBy(() -> quorumQueue(reader, "another")).hasStackTraceContaining("ACCESS_REFUSED");
        }
    }

    @Test
    void hasStreamsAndTheConsistentHashExchange() throws Exception {
        try (Connection connection = connect()) {
            Channel channel = connection.createChannel();
            channel.exchangeDeclare("hashed", "x-consistent-hash", true);
            channel.queueDeclare("stream", true, false, false, Map.of("x-queue-type", "stream"));
            publish(connection, "stream", "kept");
        }
    }

    @Test
    void reportsTheServersOwnWordsWhenItDoesNotStart() {
        try (RabbitServer broken =
                RabbitServer.builder().config("no_such_setting", 1).build()) {
            assertThatThrownBy(broken::start)
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("exited with status 1")
                    .hasMessageContaining("failed_to_prepare_configuration");
        }
    }

    private Connection connect() throws Exception {
        return connect(rabbit.user(), rabbit.password(), "/");
    }

    private Connection connect(String user, String password, String virtualHost) throws Exception {
        return connect(user, password, virtualHost, PATIENT_MILLIS);
    }

    private Connection connect(String user, String password, String virtualHost, int millis) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setVirtualHost(virtualHost);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setHandshakeTimeout(millis);
        return factory.newConnection();
    }

    private static void quorumQueue(Connection connection, String name) throws Exception {
        connection.createChannel().queueDeclare(name, true, false, false, Map.of("x-queue-type", "quorum"));
    }

    private static void publish(Connection connection, String queue, String body) throws Exception {
        Channel channel = connection.createChannel();
        channel.confirmSelect();
        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, bytes(body));
        assertThat(channel.waitForConfirms(30_000)).isTrue();
        channel.close();
    }

    private static String awaitMessage(Connection connection, String queue) throws Exception {
        Channel channel = connection.createChannel();
        GetResponse[] got = new GetResponse[1];
        await().atMost(Duration.ofSeconds(60)).until(() -> (got[0] = channel.basicGet(queue, true)) != null);
        return new String(got[0].getBody(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
