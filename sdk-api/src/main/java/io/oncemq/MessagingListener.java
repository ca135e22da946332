package io.oncemq;

/**
 * Hears of what happens inside. Called on OnceMQ's own threads, possibly several at once: it must be thread-safe, quick and
 * must not block. What it throws is logged and dropped.
 */
@FunctionalInterface
public interface MessagingListener {
    void onEvent(MessagingEvent event);
}
