package io.oncemq.jms;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection for questions, opened when it is needed and again when it broke. Thread-safe; one question at a time. */
final class ActiveMqAdministration {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    /** A question. */
    interface Question<T> {
        T over(ActiveMqLink link) throws Exception;
    }

    private final ActiveMqSettings settings;
    private @Nullable ActiveMqLink link;
    private boolean closed;

    ActiveMqAdministration(ActiveMqSettings settings) {
        this.settings = settings;
    }

    /**
     * @param doing for people
     * @throws ConnectionException if the broker cannot be reached, or does not answer
     */
    synchronized <T> T ask(String doing, Question<T> question) {
        boolean fresh = link == null;
        try {
            return question.over(link());
        } catch (Exception e) {
            MessagingException known = ActiveMqErrors.translate(doing, e);
            if (!(known instanceof ConnectionException)) {
                throw known;
            }
            drop(Duration.ZERO);
            if (fresh || closed) {
                throw known;
            }
        }
        // It was connected to a broker that has gone since; perhaps it is back, or another one serves.
        try {
            return question.over(link());
        } catch (Exception e) {
            MessagingException known = ActiveMqErrors.translate(doing, e);
            if (known instanceof ConnectionException) {
                drop(Duration.ZERO);
            }
            throw known;
        }
    }

    private ActiveMqLink link() {
        ActiveMqLink known = link;
        if (known != null && !known.connection.isTransportFailed()) {
            return known;
        }
        drop(Duration.ZERO);
        if (closed) {
            throw new ConnectionException("the transport is closed");
        }
        ActiveMqLink opened = ActiveMqLink.open(settings);
        link = opened;
        return opened;
    }

    private void drop(Duration deadline) {
        ActiveMqLink last = link;
        link = null;
        if (last != null) {
            last.close(deadline);
        }
    }

    synchronized void close() {
        closed = true;
        drop(CLOSE);
    }
}
