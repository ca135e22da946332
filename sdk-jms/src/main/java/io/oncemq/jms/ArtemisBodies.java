package io.oncemq.jms;

import static org.apache.activemq.artemis.api.core.Message.BYTES_TYPE;
import static org.apache.activemq.artemis.api.core.Message.DEFAULT_TYPE;
import static org.apache.activemq.artemis.api.core.Message.MAP_TYPE;
import static org.apache.activemq.artemis.api.core.Message.OBJECT_TYPE;
import static org.apache.activemq.artemis.api.core.Message.STREAM_TYPE;
import static org.apache.activemq.artemis.api.core.Message.TEXT_TYPE;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Map;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;

/** Messages below JMS, and bodies as Artemis carries them. Stateless. */
final class ArtemisBodies {
    private static final Map<String, Byte> TYPES = Map.of(
            "object", OBJECT_TYPE,
            "text", TEXT_TYPE,
            "bytes", BYTES_TYPE,
            "map", MAP_TYPE,
            "stream", STREAM_TYPE);

    static final Bodies.Below BELOW = new Bodies.Below() {
        @Override
        public void prepare(Message message) throws JMSException {
            try {
                ((ActiveMQMessage) message).doBeforeReceive();
            } catch (ActiveMQException e) {
                throw (JMSException) new JMSException(e.getMessage()).initCause(e);
            }
        }

        @Override
        public byte[] raw(Message message) {
            ActiveMQBuffer buffer = ((ActiveMQMessage) message).getCoreMessage().getBodyBuffer();
            buffer.resetReaderIndex();
            byte[] body = new byte[buffer.readableBytes()];
            buffer.readBytes(body);
            return body;
        }
    };

    private ArtemisBodies() {}

    /** As JMS sees it; one of a kind that JMS does not have as one without a body of its own. */
    static ActiveMQMessage message(ClientMessage received, ClientSession session) {
        return isKnown(received.getType())
                ? ActiveMQMessage.createMessage(received, session, null)
                : new ActiveMQMessage(received, session);
    }

    private static boolean isKnown(byte type) {
        return type == DEFAULT_TYPE || TYPES.containsValue(type);
    }

    /** The message that {@link Bodies#TYPE} names, with Artemis' own bytes of its body. Null where these are none of that kind's. */
    static @Nullable Message restored(ActiveMQSession session, byte[] body, String type) throws JMSException {
        Byte kind = TYPES.get(type);
        if (kind == null) {
            return null;
        }
        ClientMessage core = session.getCoreSession().createMessage(kind, true);
        core.getBodyBuffer().writeBytes(body);
        try {
            ActiveMQMessage message = ActiveMQMessage.createMessage(core, session.getCoreSession(), null);
            message.doBeforeReceive();
            message.clearProperties();
            return message;
        } catch (ActiveMQException | RuntimeException e) {
            return null;
        }
    }
}
