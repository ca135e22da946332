package io.oncemq;

/**
 * Where a message lies on its broker.
 *
 * @param partition the partition or queue, as the broker names it
 * @param offset its place there, or −1 where the broker numbers nothing
 */
public record Position(String partition, long offset) {
    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
