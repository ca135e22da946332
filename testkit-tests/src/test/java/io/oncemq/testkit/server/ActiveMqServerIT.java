package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ScheduledMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ActiveMqServerIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LeakCheck.threads("oncemq-");

    private static final int SHORT_MILLIS = 1_000;
    private static final int LONG_MILLIS = 30_000;

    private static ActiveMqServer activemq;

    @BeforeAll
    static void start() {
        activemq = ActiveMqServer.started();
    }

    @AfterAll
    static void close() {
        activemq.close();
    }

    @Test
    void keepsMessagesThroughAKillOnTheSamePort() throws Exception {
        int port = activemq.port();
        send("kept", "survives");
        activemq.kill();
        assertThat(activemq.isRunning()).isFalse();
        assertThatThrownBy(() -> send("kept", "nowhere")).isInstanceOf(JMSException.class);
        activemq.start();
        assertThat(activemq.port()).isEqualTo(port);
        assertThat(receive("kept")).isEqualTo("survives");
    }

    @Test
    void keepsMessagesThroughAStop() throws Exception {
        send("stopped", "survives");
        activemq.restart();
        assertThat(activemq.isRunning()).isTrue();
        assertThat(receive("stopped")).isEqualTo("survives");
    }

    @Test
    void answersNothingWhilePausedAndGoesOnAfterwards() throws Exception {
        send("frozen", "before");
        activemq.pause();
        try {
            assertThatThrownBy(() -> send("frozen", "meanwhile", SHORT_MILLIS)).isInstanceOf(JMSException.class);
            assertThat(activemq.isRunning()).isTrue();
        } finally {
            activemq.resume();
        }
        assertThat(receive("frozen")).isEqualTo("before");
    }

    @Test
    void hasASchedulerThatSurvivesAKill() throws Exception {
        in(LONG_MILLIS, session -> {
            Message later = session.createTextMessage("later");
            later.setLongProperty(ScheduledMessage.AMQ_SCHEDULED_DELAY, SHORT_MILLIS);
            return send(session, "scheduled", later);
        });
        activemq.kill();
        activemq.start();
        assertThat(receive("scheduled")).isEqualTo("later");
    }

    @Test
    void takesSettingsOfTheBrokerItsStoreAndItsDestinations() {
        ActiveMqServer strange =
                ActiveMqServer.builder().policy("noSuchSetting", true).build();
        try (strange) {
            assertThatThrownBy(strange::start)
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("PolicyEntry has no [noSuchSetting]");
        }
    }

    private static void send(String queue, String text) throws JMSException {
        send(queue, text, LONG_MILLIS);
    }

    private static void send(String queue, String text, int patience) throws JMSException {
        in(patience, session -> send(session, queue, session.createTextMessage(text)));
    }

    private static boolean send(Session session, String queue, Message message) throws JMSException {
        try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            producer.send(message);
        }
        return true;
    }

    private static String receive(String queue) throws JMSException {
        return in(LONG_MILLIS, session -> {
            try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
                TextMessage message = (TextMessage) consumer.receive(LONG_MILLIS);
                return message == null ? "(nothing)" : message.getText();
            }
        });
    }

    private interface Action<T> {
        T in(Session session) throws JMSException;
    }

    /** Without a second attempt: what is done ends with the connection, or when an answer did not come in time. */
    private static <T> T in(int patience, Action<T> action) throws JMSException {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(
                activemq.uri() + "?soTimeout=" + patience + "&wireFormat.maxInactivityDuration=" + patience
                        + "&wireFormat.maxInactivityDurationInitalDelay=" + patience);
        factory.setConnectResponseTimeout(patience);
        factory.setSendTimeout(patience);
        factory.setCloseTimeout(patience);
        try (Connection connection = factory.createConnection()) {
            connection.start();
            try (Session session = connection.createSession()) {
                return action.in(session);
            }
        }
    }
}
