package io.oncemq;

/**
 * The messages that a broker holds for a group in one partition, as the broker reports them.
 *
 * @param partition the partition or queue, as the broker names it
 * @param position the next offset that the group would read after a restart, or −1 where it has none or the broker numbers nothing
 * @param messages number of waiting messages: on a log those after the position, on a queue broker those that were not delivered yet
 */
public record Backlog(String partition, long position, long messages) {}
