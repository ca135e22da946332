package io.oncemq.core;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands events to the application's listeners; a listener that throws harms nobody else. Thread-safe. */
public final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final MessagingListener[] listeners;

    public Events(List<MessagingListener> listeners) {
        this.listeners = listeners.toArray(MessagingListener[]::new);
    }

    /** Whether anybody listens, so that a hot path need not make an event for nobody. */
    public boolean heard() {
        return listeners.length > 0;
    }

    public void emit(MessagingEvent event) {
        for (MessagingListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException e) {
                LOG.warn("a listener failed on {}", event.getClass().getSimpleName(), e);
            }
        }
    }
}
