package io.oncemq.spi;

/**
 * Names one delivery in one process: each redelivery, even to the same process, is another owner.
 *
 * @param process random per client
 * @param delivery counts up within the process
 */
public record Owner(long process, long delivery) {}
