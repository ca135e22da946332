package io.oncemq.jms;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.StreamMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQMapMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQObjectMessage;
import org.apache.activemq.command.ActiveMQStreamMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.util.ByteSequence;
import org.jspecify.annotations.Nullable;

/** Bodies as Classic carries them. Stateless. */
final class ActiveMqBodies {
    private static final Map<String, Supplier<ActiveMQMessage>> TYPES = Map.of(
            "object", ActiveMQObjectMessage::new,
            "text", ActiveMQTextMessage::new,
            "bytes", ActiveMQBytesMessage::new,
            "map", ActiveMQMapMessage::new,
            "stream", ActiveMQStreamMessage::new);

    private static final int IDS_AND_PLACES = 2 << 10;

    static final Bodies.Below BELOW = new Bodies.Below() {
        @Override
        public byte[] raw(Message message) {
            ByteSequence content = ((ActiveMQMessage) message).getContent();
            return content == null ? new byte[0] : content.toArray();
        }

        @Override
        public boolean isCompressed(Message message) {
            return ((ActiveMQMessage) message).isCompressed();
        }
    };

    private ActiveMqBodies() {}

    /** The most bytes that its frame takes. @param message only ids and places are added to it later */
    static long frameBytes(ActiveMQMessage message) {
        try {
            message.beforeMarshall(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return IDS_AND_PLACES + (long) length(message.getContent()) + length(message.getMarshalledProperties());
    }

    private static int length(@Nullable ByteSequence bytes) {
        return bytes == null ? 0 : bytes.getLength();
    }

    /** The message that {@link Bodies#TYPE} names, with Classic's own bytes of its body. Null where it names none. */
    static @Nullable Message restored(byte[] body, String type) throws JMSException {
        boolean compressed = type.endsWith(Bodies.COMPRESSED);
        Supplier<ActiveMQMessage> kind =
                TYPES.get(compressed ? type.substring(0, type.length() - Bodies.COMPRESSED.length()) : type);
        if (kind == null) {
            return null;
        }
        ActiveMQMessage message = kind.get();
        message.setContent(new ByteSequence(body));
        message.setCompressed(compressed);
        if (message instanceof StreamMessage stream) {
            stream.reset();
        }
        return message;
    }
}
