package io.oncemq.it.kit;

import io.oncemq.testkit.kit.transport.Stranger;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a producer of JMS can write, and a bit below it: bodies of each kind and properties of each type. */
final class JmsStrangers {
    private final Session session;
    private final MessageProducer producer;
    private final Below below;
    private final List<Stranger> sent = new ArrayList<>();

    /** What the broker's own client lets through that JMS does not have. */
    interface Below {
        /** Values of further types, by the name of the type. */
        Map<String, Object> values();

        /** Sets one of those, or one that JMS has. */
        void put(Message message, String property, Object value) throws JMSException;
    }

    /** Changes a message before it is sent. */
    private interface Change {
        void make(Message message) throws JMSException;
    }

    private JmsStrangers(Session session, MessageProducer producer, Below below) {
        this.session = session;
        this.producer = producer;
        this.below = below;
    }

    static List<Stranger> publish(Session session, Destination destination, Below below) throws JMSException {
        try (MessageProducer producer = session.createProducer(destination)) {
            JmsStrangers strangers = new JmsStrangers(session, producer, below);
            strangers.bodies();
            strangers.types();
            strangers.fields();
            return strangers.sent;
        }
    }

    private void bodies() throws JMSException {
        MapMessage map = session.createMapMessage();
        map.setString("name", "map");
        map.setBytes("bytes", new byte[] {1, -1});
        deadLettered("map", map);
        deadLettered("empty map", session.createMapMessage(), "map");
        StreamMessage stream = session.createStreamMessage();
        stream.writeString("stream");
        stream.writeDouble(-0.5);
        deadLettered("stream", stream);
        deadLettered("object", session.createObjectMessage("object"));
        BytesMessage bytes = session.createBytesMessage();
        bytes.writeBytes("bytes".getBytes(StandardCharsets.UTF_8));
        send(Stranger.handled("bytes"), bytes);
        String large = "large text ".repeat(20_000);
        send(Stranger.handled(large), session.createTextMessage(large));
    }

    private void deadLettered(String name, Message message) throws JMSException {
        deadLettered(name, message, name);
    }

    private void deadLettered(String name, Message message, String type) throws JMSException {
        message.setIntProperty("number", 5);
        send(Stranger.deadLettered(name, Map.of("oncemq-jms-type", type, "number", "5")), message);
    }

    private void types() throws JMSException {
        Message texts = session.createTextMessage("texts");
        texts.setStringProperty("Odd_na_me1", "Zürich");
        texts.setBooleanProperty("truth", true);
        send(Stranger.handled("texts", Map.of("Odd_na_me1", "Zürich", "truth", "true")), texts);
        Map<String, Object> values = new LinkedHashMap<>(below.values());
        values.put("truth", false);
        values.put("byte", (byte) -7);
        values.put("short", (short) 300);
        values.put("int", 70_000);
        values.put("long", 1L << 40);
        values.put("float", 1.5f);
        values.put("double", Double.NaN);
        values.put("empty text", "");
        values.put("blank text", " ");
        values.put("negative", -5);
        values.put("infinity", Double.POSITIVE_INFINITY);
        values.put("whole number as text", "5");
        values.put("fraction as text", "5.0");
        values.put("odd text", "\u0000\uD83D\uDE00");
        List<String> names = List.of(
                "odd",
                "cloudEvents_source",
                "cloudEvents_type",
                "cloudEvents_time",
                "content_type",
                "traceparent",
                "oncemq_key",
                "oncemq_key_bytes",
                "oncemq_more",
                "oncemq_hash",
                "oncemq_HYPHEN_scope",
                "oncemq_HYPHEN_generation",
                "oncemq_HYPHEN_jms_HYPHEN_type",
                "oncemq_HYPHEN_dead_HYPHEN_letter_HYPHEN_destination",
                "JMSXGroupID");
        for (String name : names) {
            for (Map.Entry<String, Object> each : values.entrySet()) {
                text(name + " of " + each.getKey(), message -> below.put(message, name, each.getValue()));
            }
        }
        text("a null property", message -> message.setStringProperty("odd", null));
    }

    private void fields() throws JMSException {
        text("correlation", message -> message.setJMSCorrelationIDAsBytes(new byte[] {0, -1}));
        text("type", message -> message.setJMSType(""));
        text("reply", message -> message.setJMSReplyTo(session.createQueue("nobody")));
        producer.setPriority(9);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.setDisableMessageID(true);
        producer.setDisableMessageTimestamp(true);
        text("without id and time", message -> {});
        text("without id and time, and again", message -> {});
    }

    /** Unless the client itself refuses to write it. */
    private void text(String name, Change change) throws JMSException {
        Message message = session.createTextMessage(name);
        try {
            change.make(message);
        } catch (MessageFormatException notWritable) {
            return;
        }
        send(Stranger.handled(name), message);
    }

    private void send(Stranger stranger, Message message) throws JMSException {
        message.setStringProperty(Stranger.NAME, stranger.handled() ? "yes" : stranger.name());
        producer.send(message);
        sent.add(stranger);
    }
}
