package io.oncemq.jms;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.core.client.impl.ClientSessionFactoryInternal;
import org.apache.activemq.artemis.core.client.impl.ClientSessionInternal;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;

/**
 * Connections for questions. A session answers one at a time, so each question has one of its own, which the next one takes over; one that has to
 * wait for the broker keeps no other waiting. Opened when they are needed. Thread-safe.
 */
final class ArtemisAdministration {
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final int MOST_IDLE = 2;
    /** Answers to questions come as messages. */
    private static final int ANSWERS = 1 << 20;

    /** A question. */
    interface Question<T> {
        T to(ClientSession session) throws Exception;
    }

    /** A connection with one session. */
    interface Desk {
        ClientSession session();

        void close(Duration deadline);
    }

    /** Connects. */
    interface Opening {
        Desk open() throws JMSException, ActiveMQException;
    }

    private static final long NODE_MILLIS = 10_000;

    private final Opening opening;
    private final Deque<Desk> idle = new ConcurrentLinkedDeque<>();
    private final Set<Desk> all = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ArtemisAdministration(Opening opening) {
        this.opening = opening;
    }

    static ArtemisAdministration of(JmsSettings settings) {
        return new ArtemisAdministration(() -> desk(ArtemisLink.receiving(settings, ANSWERS)));
    }

    private static Desk desk(ArtemisLink link) throws JMSException, ActiveMQException {
        try {
            ClientSession session = ((ActiveMQSession) link.connection.createSession()).getCoreSession();
            session.start();
            return new Desk() {
                @Override
                public ClientSession session() {
                    return session;
                }

                @Override
                public void close(Duration deadline) {
                    link.close(deadline);
                }
            };
        } catch (JMSException | ActiveMQException | RuntimeException e) {
            link.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * @param doing for people
     * @throws ConnectionException if the broker cannot be reached, or does not answer
     */
    <T> T ask(String doing, Question<T> question) {
        Desk known = known();
        if (known != null) {
            try {
                return answer(doing, known, question);
            } catch (ConnectionException e) {
                // Its broker has gone since; perhaps it is back, or another one serves.
                if (closed) {
                    throw e;
                }
            }
        }
        return answer(doing, open(doing), question);
    }

    private @Nullable Desk known() {
        for (Desk desk = idle.poll(); desk != null; desk = idle.poll()) {
            if (!desk.session().isClosed()) {
                return desk;
            }
            drop(desk, Duration.ZERO);
        }
        return null;
    }

    private Desk open(String doing) {
        try {
            Desk desk = opening.open();
            all.add(desk);
            return desk;
        } catch (JMSException | ActiveMQException | RuntimeException e) {
            throw ArtemisErrors.translate(doing, e);
        }
    }

    private <T> T answer(String doing, Desk desk, Question<T> question) {
        boolean usable = false;
        try {
            if (closed) {
                throw new ConnectionException("the transport is closed");
            }
            T answer = question.to(desk.session());
            usable = true;
            return answer;
        } catch (Exception e) {
            MessagingException known = ArtemisErrors.translate(doing, e);
            usable = !(known instanceof ConnectionException);
            throw known;
        } finally {
            if (usable && !closed && idle.size() < MOST_IDLE) {
                idle.push(desk);
            } else {
                drop(desk, Duration.ZERO);
            }
        }
    }

    private void drop(Desk desk, Duration deadline) {
        if (all.remove(desk)) {
            desk.close(deadline);
        }
    }

    /** The random id of the journal, which a primary shares with its backup. The broker tells each client that connects. */
    static String node(ClientSession session) throws InterruptedException {
        ClientSessionFactoryInternal factory =
                (ClientSessionFactoryInternal) ((ClientSessionInternal) session).getSessionFactory();
        if (!factory.waitForTopology(NODE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new ConnectionException("the broker did not tell the id of its node within " + NODE_MILLIS + " ms");
        }
        String node = factory.getPrimaryNodeId();
        return node == null ? "" : node;
    }

    /** Ends what is being asked, too. */
    void close() {
        closed = true;
        all.forEach(desk -> drop(desk, CLOSE));
    }
}
