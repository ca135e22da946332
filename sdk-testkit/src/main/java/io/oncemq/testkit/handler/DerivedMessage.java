package io.oncemq.testkit.handler;

import io.oncemq.OutboundMessage;

/**
 * A message that a handler passed to {@link io.oncemq.Delivery#publishOnSuccess}.
 *
 * @param destination of the publisher that it was passed with
 * @param name within the destination; empty if it has none
 * @param message as it was passed
 */
public record DerivedMessage<R>(String destination, String name, OutboundMessage<R> message) {}
