package io.oncemq.spi;

import io.oncemq.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A message as it goes over the wire: every header is set, the body is encoded.
 *
 * @param id also stands in the headers; given for brokers with a native message id
 * @param key goes out as its {@link KeyBytes}
 * @param keyHash {@link KeyHash#of} of the key, or of the id where there is no key: it picks the partition, queue or shard
 * @param body null for a tombstone
 * @param options null where nothing is asked for
 */
public record OutboundFrame(
        String destination,
        String id,
        @Nullable String key,
        int keyHash,
        Headers headers,
        byte @Nullable [] body,
        int size,
        @Nullable SendOptions options) {
    /** A message for which nothing is asked. */
    public OutboundFrame(
            String destination,
            String id,
            @Nullable String key,
            int keyHash,
            Headers headers,
            byte @Nullable [] body,
            int size) {
        this(destination, id, key, keyHash, headers, body, size, null);
    }
}
