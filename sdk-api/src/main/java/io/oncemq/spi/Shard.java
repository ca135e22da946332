package io.oncemq.spi;

/**
 * A partition or queue as this member owns it during one assignment. Two assignments of the same partition differ in their
 * epoch, so a completion that belongs to an earlier one is told apart and dropped.
 *
 * @param name as the broker names it, for example {@code orders-3}
 * @param epoch grows with each assignment or channel within a source
 * @param acknowledgeMode how its messages are acknowledged
 */
public record Shard(String name, long epoch, AcknowledgeMode acknowledgeMode) {
    /** How messages are acknowledged. */
    public enum AcknowledgeMode {
        /** By position: everything up to a tag (logs). */
        CUMULATIVE,
        /** One by one, and several at once where all earlier ones are settled (queues). */
        INDIVIDUAL
    }
}
