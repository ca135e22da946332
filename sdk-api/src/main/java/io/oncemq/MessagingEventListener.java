package io.oncemq;

/**
 * Receives the events of a client. Called on OnceMQ's own threads, possibly several at once: it must be thread-safe, quick and
 * must not block. Its exceptions are logged and dropped.
 */
@FunctionalInterface
public interface MessagingEventListener {
    void onEvent(MessagingEvent event);
}
