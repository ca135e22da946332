package io.oncemq.spi;

/**
 * Names the claim record of one message within a group: SHA-256 over scope and message id, cut to 128 bits (ids can be
 * hostile, so a weaker hash would let one message suppress another).
 *
 * @param high the first 8 bytes
 * @param low the next 8
 * @param keyHash {@link KeyHash} of the ordering key, or of the id where there is no key; picks the store's shard
 */
public record RecordId(long high, long low, int keyHash) {}
