package io.oncemq.jms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.spi.OutboundFrame;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of the kinds that JMS has. One of bytes or text is one of bytes here. One of any other kind cannot be converted: the broker's own bytes
 * of it are dead-lettered with the header {@link #TYPE}, by which a redrive makes the same message again.
 */
final class Bodies {
    /** The kind of a message that could not be converted: {@code map}, {@code stream}, {@code object}, {@code text} or {@code bytes}. */
    static final String TYPE = "oncemq-jms-type";

    /** Behind the kind where the broker's own bytes are compressed. */
    static final String COMPRESSED = ";compressed";

    private static final String ORIGIN = "oncemq-dead-letter-destination";

    private Bodies() {}

    /**
     * @param bytes null for none
     * @param type for {@link #TYPE}, or null for a body that was converted
     * @param problem why it could not be, or null
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Body(
            byte @Nullable [] bytes,
            @Nullable String type,
            @Nullable String problem) {}

    /** What is known below JMS. */
    interface Below {
        /** Before JMS' methods for the body are called. Throws what those could. */
        default void prepare(Message message) throws JMSException {}

        /** The broker's own bytes of the body. */
        byte[] raw(Message message);

        /** Whether those are compressed. */
        default boolean isCompressed(Message message) {
            return false;
        }
    }

    static Body of(Message message, Below below) {
        String type = type(message);
        if (type != null) {
            return unreadable(message, below, type, "a JMS " + type + " message has no body of bytes or text");
        }
        try {
            below.prepare(message);
            return new Body(readable(message, below), null, null);
        } catch (JMSException | RuntimeException e) {
            return unreadable(
                    message, below, message instanceof TextMessage ? "text" : "bytes", "its body is malformed: " + e);
        }
    }

    private static Body unreadable(Message message, Below below, String type, String problem) {
        return new Body(below.raw(message), below.isCompressed(message) ? type + COMPRESSED : type, problem);
    }

    private static @Nullable String type(Message message) {
        if (message instanceof MapMessage) {
            return "map";
        }
        if (message instanceof StreamMessage) {
            return "stream";
        }
        return message instanceof ObjectMessage ? "object" : null;
    }

    private static byte @Nullable [] readable(Message message, Below below) throws JMSException {
        if (message instanceof BytesMessage bytes) {
            byte[] body = new byte[Math.toIntExact(bytes.getBodyLength())];
            bytes.readBytes(body);
            return body;
        }
        if (message instanceof TextMessage text) {
            String body = text.getText();
            return body == null ? null : body.getBytes(UTF_8);
        }
        return below.raw(message);
    }

    /**
     * The kind of message that a frame restores: one that was dead-lettered because it could not be converted, on its way back. Null for
     * every other one, the dead letter itself included.
     */
    static @Nullable String restored(OutboundFrame frame) {
        String type = frame.body() == null ? null : frame.headers().text(TYPE);
        return type != null && frame.destination().equals(frame.headers().text(ORIGIN)) ? type : null;
    }
}
