package io.oncemq.rocket;

import io.oncemq.spi.InboundMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.jspecify.annotations.Nullable;

/**
 * What a broker's answer brings. The client's decoder gives up at the first message that it cannot read, though each says how long it is:
 * so they are decoded one by one, and what cannot be read is passed on as unreadable, for the group's dead letters.
 *
 * @param next the offset behind the last message, or −1 if there is none
 */
record Decoded(List<InboundMessage> messages, long next) {
    /** Where a stored message says at which offset of its queue it lies. */
    private static final int OFFSET_AT = 20;

    private static final int SHORTEST = OFFSET_AT + Long.BYTES;

    /** @param delta what the broker's offsets are behind those that it tells */
    static Decoded of(ByteBuffer bytes, long delta, Wanted wanted) {
        List<InboundMessage> messages = new ArrayList<>();
        long next = -1;
        while (bytes.remaining() >= SHORTEST) {
            int length = bytes.getInt(bytes.position());
            if (length < SHORTEST || length > bytes.remaining()) {
                break;
            }
            ByteBuffer one = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            List<MessageExt> read = MessageDecoder.decodesBatch(one.duplicate(), true, true, true);
            if (read.isEmpty()) {
                InboundMessage unreadable = unreadable(one, delta);
                messages.add(unreadable);
                next = unreadable.offset() + 1;
            }
            for (MessageExt each : read) {
                each.setQueueOffset(each.getQueueOffset() + delta);
                next = each.getQueueOffset() + 1;
                if (wanted.takes(each)) {
                    messages.add(inbound(each));
                }
            }
        }
        return new Decoded(messages, next);
    }

    private static InboundMessage inbound(MessageExt message) {
        try {
            return RocketRecords.inbound(message);
        } catch (RuntimeException e) {
            return RocketRecords.unreadable(
                    message.getQueueOffset(), message, message.getBody(), "its properties are malformed: " + e);
        }
    }

    /** As much of it as can be read: without decompression, else the stored bytes as they are. */
    private static InboundMessage unreadable(ByteBuffer one, long delta) {
        long offset = one.getLong(OFFSET_AT) + delta;
        @Nullable MessageExt packed = MessageDecoder.decode(one.duplicate(), true, false, true);
        if (packed != null) {
            return RocketRecords.unreadable(
                    offset, packed, packed.getBody(), "its body is said to be compressed and cannot be decompressed");
        }
        byte[] stored = new byte[one.limit()];
        one.get(0, stored);
        return RocketRecords.unreadable(offset, null, stored, "the client cannot decode it");
    }
}
