package io.oncemq.jms;

import io.oncemq.ConnectionException;
import jakarta.jms.JMSException;
import java.time.Duration;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;

/** A connection for questions, opened when it is needed and again when it broke. Thread-safe; one question at a time. */
final class ArtemisAdministration {
    private static final Duration CLOSE = Duration.ofSeconds(1);
    /** Answers to questions come as messages. */
    private static final int ANSWERS = 1 << 20;

    /** A question. */
    interface Question<T> {
        T to(ClientSession session) throws Exception;
    }

    private final ArtemisSettings settings;
    private @Nullable ArtemisLink link;
    private @Nullable ClientSession session;
    private boolean closed;

    ArtemisAdministration(ArtemisSettings settings) {
        this.settings = settings;
    }

    /**
     * @param doing for people
     * @throws ConnectionException if the broker cannot be reached, or does not answer
     */
    synchronized <T> T ask(String doing, Question<T> question) {
        boolean fresh = session == null;
        try {
            return question.to(session());
        } catch (Exception e) {
            if (!(ArtemisErrors.translate(doing, e) instanceof ConnectionException)) {
                throw ArtemisErrors.translate(doing, e);
            }
            drop();
            if (fresh || closed) {
                throw ArtemisErrors.translate(doing, e);
            }
        }
        // It was connected to a broker that has gone since; perhaps it is back, or another one serves.
        try {
            return question.to(session());
        } catch (Exception e) {
            if (ArtemisErrors.translate(doing, e) instanceof ConnectionException) {
                drop();
            }
            throw ArtemisErrors.translate(doing, e);
        }
    }

    private ClientSession session() throws JMSException, ActiveMQException {
        ClientSession known = session;
        if (known != null && !known.isClosed()) {
            return known;
        }
        drop();
        if (closed) {
            throw new ConnectionException("the transport is closed");
        }
        ArtemisLink opened = ArtemisLink.receiving(settings, ANSWERS);
        link = opened;
        ClientSession fresh = ((ActiveMQSession) opened.connection.createSession()).getCoreSession();
        fresh.start();
        session = fresh;
        return fresh;
    }

    private void drop() {
        ArtemisLink last = link;
        link = null;
        session = null;
        if (last != null) {
            last.close(Duration.ZERO);
        }
    }

    synchronized void close() {
        closed = true;
        ArtemisLink last = link;
        link = null;
        session = null;
        if (last != null) {
            last.close(CLOSE);
        }
    }
}
