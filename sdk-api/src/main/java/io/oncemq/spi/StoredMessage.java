package io.oncemq.spi;

/**
 * A message where it lies.
 *
 * @param shard the name that {@link Shard#name} has for a source
 */
public record StoredMessage(String shard, InboundMessage message) {}
