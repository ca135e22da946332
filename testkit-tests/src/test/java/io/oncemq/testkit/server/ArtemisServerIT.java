package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ArtemisServerIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LeakCheck.threads("oncemq-");

    private static final int SHORT_MILLIS = 1_000;
    private static final int LONG_MILLIS = 30_000;

    private static ArtemisServer artemis;

    @BeforeAll
    static void start() {
        artemis = ArtemisServer.started();
    }

    @AfterAll
    static void close() {
        artemis.close();
    }

    @Test
    void keepsMessagesThroughAKillOnTheSamePort() throws Exception {
        int port = artemis.port();
        send("kept", "survives");
        artemis.kill();
        assertThat(artemis.isRunning()).isFalse();
        assertThatThrownBy(() -> send("kept", "nowhere")).isInstanceOf(JMSException.class);
        artemis.start();
        assertThat(artemis.port()).isEqualTo(port);
        assertThat(receive("kept")).isEqualTo("survives");
    }

    @Test
    void keepsMessagesThroughAStopInOrder() throws Exception {
        send("stopped", "survives");
        artemis.restart();
        assertThat(artemis.isRunning()).isTrue();
        assertThat(receive("stopped")).isEqualTo("survives");
    }

    @Test
    void answersNothingWhilePausedAndGoesOnAfterwards() throws Exception {
        send("frozen", "before");
        artemis.pause();
        try {
            assertThatThrownBy(() -> send("frozen", "meanwhile", SHORT_MILLIS)).isInstanceOf(JMSException.class);
            assertThat(artemis.isRunning()).isTrue();
        } finally {
            artemis.resume();
        }
        assertThat(receive("frozen")).isEqualTo("before");
    }

    @Test
    void takesSettingsOfTheBrokerAndOfItsAddresses() throws Exception {
        ArtemisServer small = ArtemisServer.builder()
                .config("name", "small")
                .addressSetting("auto-create-queues", false)
                .addressSetting("auto-create-addresses", false)
                .build();
        try (small) {
            small.start();
            assertThatThrownBy(() -> send(small, "nobody-made-it", "lost", LONG_MILLIS))
                    .isInstanceOf(JMSException.class);
        }
    }

    private static void send(String queue, String text) throws JMSException {
        send(queue, text, LONG_MILLIS);
    }

    private static void send(String queue, String text, int patience) throws JMSException {
        send(artemis, queue, text, patience);
    }

    private static void send(ArtemisServer server, String queue, String text, int patience) throws JMSException {
        try (ActiveMQConnectionFactory factory = factory(server, patience);
                Connection connection = factory.createConnection();
                Session session = connection.createSession()) {
            session.createProducer(session.createQueue(queue)).send(session.createTextMessage(text));
        }
    }

    private static String receive(String name) throws JMSException {
        try (ActiveMQConnectionFactory factory = factory(artemis, LONG_MILLIS);
                Connection connection = factory.createConnection();
                Session session = connection.createSession()) {
            connection.start();
            Queue queue = session.createQueue(name);
            try (MessageConsumer consumer = session.createConsumer(queue)) {
                TextMessage message = (TextMessage) consumer.receive(LONG_MILLIS);
                return message == null ? "(nothing)" : message.getText();
            }
        }
    }

    /** Without a second attempt: a send ends with the connection, or when the answer did not come in time. */
    private static ActiveMQConnectionFactory factory(ArtemisServer server, int patience) {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(server.uri());
        factory.setReconnectAttempts(0);
        factory.setCallTimeout(patience);
        factory.setBlockOnDurableSend(true);
        return factory;
    }
}
