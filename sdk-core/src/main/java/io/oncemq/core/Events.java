package io.oncemq.core;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs events and hands them to the application's listeners; a listener that throws harms nobody else. Thread-safe. */
public final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final EventLog log = new EventLog();
    private final MessagingListener[] listeners;

    public Events(List<MessagingListener> listeners) {
        this.listeners = listeners.toArray(MessagingListener[]::new);
    }

    /** Whether anybody listens, so that a hot path need not make an event that is not logged for nobody. */
    public boolean heard() {
        return listeners.length > 0;
    }

    public void emit(MessagingEvent event) {
        log.write(event);
        for (MessagingListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException e) {
                LOG.warn("a listener failed on {}", event.getClass().getSimpleName(), LoggedFailure.of(e));
            }
        }
    }
}
