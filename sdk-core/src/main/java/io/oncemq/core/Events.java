package io.oncemq.core;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEventListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Logs events and hands them to the application's listeners; a listener that throws harms nobody else. Thread-safe. */
public final class Events {
    private final EventLog log = new EventLog();
    private final MessagingEventListener[] listeners;
    private final UnaryOperator<MessagingEvent> completed;
    private final Set<Thread> telling = ConcurrentHashMap.newKeySet();

    public Events(List<MessagingEventListener> listeners) {
        this(listeners, UnaryOperator.identity());
    }

    /** @param completed adds to an event what its origin does not know */
    Events(List<MessagingEventListener> listeners, UnaryOperator<MessagingEvent> completed) {
        this.completed = completed;
        this.listeners = listeners.toArray(MessagingEventListener[]::new);
    }

    /** Whether anybody listens, so that a hot path need not make an event that is not logged for nobody. */
    public boolean heard() {
        return listeners.length > 0;
    }

    /** Whether the calling thread is within a listener. */
    public boolean isTelling() {
        return telling.contains(Thread.currentThread());
    }

    public void emit(MessagingEvent raised) {
        MessagingEvent event = completed.apply(raised);
        String name = event.getClass().getSimpleName();
        Contained.run("an event cannot be logged:", name, () -> log.write(event));
        if (listeners.length == 0) {
            return;
        }
        boolean outermost = telling.add(Thread.currentThread());
        for (MessagingEventListener listener : listeners) {
            Contained.run("a listener fails on", name, () -> listener.onEvent(event));
        }
        if (outermost) {
            telling.remove(Thread.currentThread());
        }
    }
}
