package io.oncemq;

/**
 * A publish that was not confirmed: the message, and its place in the order of publishing. The exception of a failed future
 * carries it, so that {@link Publisher#republish} can restore the order by itself. Immutable.
 *
 * @param destination where the message was published
 * @param message with the id under which it was published
 * @param order grows from publish to publish within one process; a publish that is repeated keeps its first number
 */
public record PublishAttempt(String destination, OutboundMessage<?> message, long order) {}
