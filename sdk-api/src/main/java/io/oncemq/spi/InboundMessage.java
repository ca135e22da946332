package io.oncemq.spi;

import io.oncemq.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came over the wire.
 *
 * @param tag grows within its shard's epoch: an offset or a delivery tag
 * @param offset its lasting place in the shard, or −1 where the broker numbers nothing
 * @param key the ordering key as text, by {@link KeyBytes} if it came as bytes; or null
 * @param nativeId the broker's own message id where the producer set one outside the headers, or null
 * @param incarnation what tells this destination from an earlier one of the same name (Kafka's topic id), or an empty text
 * @param body null for a tombstone
 * @param redelivered whether the broker says that it was delivered before
 * @param expired whether its time to live was over when it was fetched: it is not handled, but given to the group's dead letters. For a
 *     broker that does not do that by itself
 * @param unreadable why the adapter cannot convert the body, for people; or null. The body is then the broker's own bytes, and the headers say what
 *     kind of message it was. It is not handled but given to the group's dead letters, as a body is that the codec refuses
 */
public record InboundMessage(
        long tag,
        long offset,
        @Nullable String key,
        @Nullable String nativeId,
        String incarnation,
        Headers headers,
        byte @Nullable [] body,
        long timestampMillis,
        boolean redelivered,
        int size,
        boolean expired,
        @Nullable String unreadable) {

    /** Converted. */
    public InboundMessage(
            long tag,
            long offset,
            @Nullable String key,
            @Nullable String nativeId,
            String incarnation,
            Headers headers,
            byte @Nullable [] body,
            long timestampMillis,
            boolean redelivered,
            int size,
            boolean expired) {
        this(tag, offset, key, nativeId, incarnation, headers, body, timestampMillis, redelivered, size, expired, null);
    }

    /** Converted, and not expired. */
    public InboundMessage(
            long tag,
            long offset,
            @Nullable String key,
            @Nullable String nativeId,
            String incarnation,
            Headers headers,
            byte @Nullable [] body,
            long timestampMillis,
            boolean redelivered,
            int size) {
        this(tag, offset, key, nativeId, incarnation, headers, body, timestampMillis, redelivered, size, false);
    }
}
