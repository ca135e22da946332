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
 * @param incarnation distinguishes this destination from an earlier one of the same name (Kafka's topic id), or an empty text
 * @param body null for a tombstone
 * @param redelivered whether the broker says that it was delivered before
 * @param expired whether its time to live was over when it was fetched: it is not handled, but given to the group's dead letters. For a
 *     broker that does not do that by itself
 * @param unreadable why the adapter cannot convert the body, for people; or null. The body is then the broker's own bytes, and the headers say what
 *     kind of message it was. It is dead-lettered without being handled, as is a body that the codec refuses
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

    /** A message without key, headers and body, as far as nothing else is set; its size is then that of the body. */
    public static Builder builder(long tag, long offset) {
        return new Builder(tag, offset);
    }

    /** Sets the components of an {@link InboundMessage}, each under its name. For one thread and one message. */
    public static final class Builder {
        private final long tag;
        private final long offset;
        private @Nullable String key;
        private @Nullable String nativeId;
        private String incarnation = "";
        private Headers headers = Headers.empty();
        private byte @Nullable [] body;
        private long timestampMillis;
        private boolean redelivered;
        private int size = -1;
        private boolean expired;
        private @Nullable String unreadable;

        private Builder(long tag, long offset) {
            this.tag = tag;
            this.offset = offset;
        }

        public Builder key(@Nullable String key) {
            this.key = key;
            return this;
        }

        public Builder nativeId(@Nullable String nativeId) {
            this.nativeId = nativeId;
            return this;
        }

        public Builder incarnation(String incarnation) {
            this.incarnation = incarnation;
            return this;
        }

        public Builder headers(Headers headers) {
            this.headers = headers;
            return this;
        }

        public Builder body(byte @Nullable [] body) {
            this.body = body;
            return this;
        }

        public Builder timestampMillis(long timestampMillis) {
            this.timestampMillis = timestampMillis;
            return this;
        }

        public Builder redelivered(boolean redelivered) {
            this.redelivered = redelivered;
            return this;
        }

        public Builder size(int size) {
            this.size = size;
            return this;
        }

        public Builder expired(boolean expired) {
            this.expired = expired;
            return this;
        }

        public Builder unreadable(@Nullable String unreadable) {
            this.unreadable = unreadable;
            return this;
        }

        public InboundMessage build() {
            int counted = size >= 0 ? size : body == null ? 0 : body.length;
            return new InboundMessage(
                    tag,
                    offset,
                    key,
                    nativeId,
                    incarnation,
                    headers,
                    body,
                    timestampMillis,
                    redelivered,
                    counted,
                    expired,
                    unreadable);
        }
    }
}
