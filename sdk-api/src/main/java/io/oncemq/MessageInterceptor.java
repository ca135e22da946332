package io.oncemq;

import org.jspecify.annotations.Nullable;

/**
 * Follows single messages: for traces, metrics and the context of logs. A {@link MessagingEventListener} receives events;
 * an interceptor is called for every message, so without one a message costs nothing.
 *
 * <p>Called on the hot path, by many threads at once: it must be thread-safe, quick and must not block. Its exceptions are logged and
 * dropped, and change nothing for the message.
 */
public interface MessageInterceptor {
    /**
     * The client begins; called once, before everything else and of every {@link MessagingEvent}, on the thread that builds it. An
     * interceptor that distinguishes clients belongs to one client only.
     *
     * @param system the broker, as {@link Capabilities#system} names it
     */
    default void opened(String clientId, String system) {}

    /**
     * A subscription is about to receive its first message; called again when it is started again, see {@link Subscription#restart}. Its
     * state can be read from it at any time from now on.
     *
     * @param reader how events and {@link #handling} name the reader: the group, followed by the instance of a broadcast group or the
     *     replay
     * @param group the group as it was configured
     */
    default void subscribed(String reader, String group, Subscription subscription) {}

    /** A publisher was created; its state, such as its blocked keys, can be read at any time. Publishers of one destination answer alike. */
    default void publisherOpened(Publisher<?> publisher) {}

    /**
     * A message is about to be published, on the thread that publishes; of one that a handler derived, when the handler has succeeded,
     * and again each time it is published again after an unknown outcome.
     *
     * @param headers those of the message; headers that are set here are sent with it
     * @return what is called with the outcome, or null
     */
    default @Nullable Publishing publishing(String destination, OutboundMessage<?> message, Headers.Builder headers) {
        return null;
    }

    /**
     * A handler is about to be called, on the thread that calls it. Not called for a body that cannot be decoded, nor for a message that
     * is not handled.
     *
     * @return what is called when the run is over, or null
     */
    default @Nullable Handling handling(String destination, String group, Delivery<?> delivery) {
        return null;
    }

    /** One publish that is under way. */
    @FunctionalInterface
    interface Publishing {
        /**
         * The publish has its outcome. Called once, on any thread.
         *
         * @param receipt null unless it is confirmed
         * @param failure why it is not confirmed, as in its future; null if it is
         */
        void ended(@Nullable Receipt receipt, @Nullable Throwable failure);
    }

    /** One attempt to handle a message. */
    interface Handling {
        /**
         * The calling thread works for the message from here on: it runs the handler, or publishes what the handler derived. After
         * {@link #ended} only to publish a derived message once more, because its outcome was not known.
         */
        default void enter() {}

        /** The same thread works for it no longer. */
        default void leave() {}

        /**
         * The attempt is over. Called once, on any thread. Success does not say that the message is stored as done already.
         *
         * @param failure what the handler or its stage threw; null if it succeeded
         */
        void ended(@Nullable Throwable failure);
    }
}
