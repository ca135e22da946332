package io.oncemq.spi;

/**
 * What may be acknowledged of one shard.
 *
 * @param through every delivered message with a tag up to this one is settled; −1 if the first is not
 * @param singles tags above it that are settled as well; always empty for {@link Shard.AcknowledgeMode#CUMULATIVE}
 * @param complete whether nothing delivered is left unsettled, so that a log may commit beyond trailing gaps
 */
public record Acknowledgement(Shard shard, long through, long[] singles, boolean complete) {
    public static final long[] NONE = new long[0];
}
