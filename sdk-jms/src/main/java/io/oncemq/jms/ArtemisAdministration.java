package io.oncemq.jms;

import io.oncemq.ConnectionException;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.core.client.impl.ClientSessionFactoryInternal;
import org.apache.activemq.artemis.core.client.impl.ClientSessionInternal;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;

/** Questions to a broker, each on a connection with one session, which answers one at a time. Thread-safe. */
final class ArtemisAdministration {
    /** Answers to questions come as messages. */
    private static final int ANSWERS = 1 << 20;

    private static final long NODE_MILLIS = 10_000;

    /** A question. */
    interface Question<T> {
        T to(ClientSession session) throws Exception;
    }

    private record Desk(ArtemisLink link, ClientSession session) implements Administration.Desk {
        @Override
        public boolean isBroken() {
            return session.isClosed();
        }

        @Override
        public void close(Duration deadline) {
            link.close(deadline);
        }
    }

    private final Administration<Desk> desks;

    ArtemisAdministration(JmsSettings settings) {
        this.desks =
                new Administration<>(() -> desk(ArtemisLink.receiving(settings, ANSWERS)), ArtemisErrors::translate);
    }

    private static Desk desk(ArtemisLink link) throws JMSException, ActiveMQException {
        try {
            ClientSession session = ((ActiveMQSession) link.connection.createSession()).getCoreSession();
            session.start();
            return new Desk(link, session);
        } catch (JMSException | ActiveMQException | RuntimeException e) {
            link.close(Duration.ZERO);
            throw e;
        }
    }

    /** {@link Administration#ask}. */
    <T> T ask(String doing, Question<T> question) {
        return desks.ask(doing, desk -> question.to(desk.session()));
    }

    /** The random id of the journal, which a primary shares with its backup. The broker tells each client that connects. */
    static String node(ClientSession session) throws InterruptedException {
        ClientSessionFactoryInternal factory =
                (ClientSessionFactoryInternal) ((ClientSessionInternal) session).getSessionFactory();
        if (!factory.waitForTopology(NODE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new ConnectionException("the broker did not return the id of its node within " + NODE_MILLIS + " ms");
        }
        String node = factory.getPrimaryNodeId();
        return node == null ? "" : node;
    }

    /** {@link Administration#close}. */
    void close() {
        desks.close();
    }
}
