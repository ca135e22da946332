package io.oncemq.quickstart;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;

/** A session of ActiveMQ's own client, which acknowledges by itself; a new one after each failure. For one thread. */
final class ActiveMqSession implements AutoCloseable {
    private static final int ANSWER_MILLIS = 5_000;

    private final String uri;
    private @Nullable Connection connection;
    private @Nullable Session session;

    ActiveMqSession(String uri) {
        this.uri = uri;
    }

    boolean isOpen() {
        return session != null;
    }

    /** @throws JMSException if the broker is away */
    Session get() throws JMSException {
        Session known = session;
        if (known != null) {
            return known;
        }
        close();
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(uri);
        factory.setWatchTopicAdvisories(false);
        factory.setConnectResponseTimeout(ANSWER_MILLIS);
        factory.setSendTimeout(ANSWER_MILLIS);
        factory.setCloseTimeout(ANSWER_MILLIS);
        Connection opened = factory.createConnection();
        connection = opened;
        opened.start();
        Session fresh = opened.createSession();
        session = fresh;
        return fresh;
    }

    /** Gives up what is open; the next {@link #get} connects anew. */
    @Override
    public void close() {
        Connection last = connection;
        connection = null;
        session = null;
        if (last != null) {
            try {
                last.close();
            } catch (JMSException e) {
                // its broker is away
            }
        }
    }
}
