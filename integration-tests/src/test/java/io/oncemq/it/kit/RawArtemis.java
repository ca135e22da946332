package io.oncemq.it.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import io.oncemq.core.PackedHeaders;
import io.oncemq.spi.KeyHash;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.kit.transport.Stranger;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;

/** Artemis without OnceMQ, by a short connection for each call. */
public final class RawArtemis {
    private static final String KEY = "oncemq_key";
    private static final String TOMBSTONE = "oncemq_tombstone";
    private static final String MORE = "oncemq_more";

    /** What is done in a session. */
    public interface Action<T> {
        T in(ActiveMQSession session) throws JMSException, ActiveMQException;
    }

    private final Supplier<String> uri;
    private final Map<String, List<RawMessage>> read = new ConcurrentHashMap<>();

    /** @param uri where the broker listens, looked up for each call */
    public RawArtemis(Supplier<String> uri) {
        this.uri = uri;
    }

    /** Runs in a fresh session, which acknowledges by itself; its connection receives. */
    public <T> T call(Action<T> action) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(uri.get())) {
            factory.setBlockOnDurableSend(true);
            factory.setBlockOnAcknowledge(true);
            try (Connection connection = factory.createConnection();
                    Session session = connection.createSession()) {
                connection.start();
                return action.in((ActiveMQSession) session);
            }
        } catch (JMSException | ActiveMQException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes one message, and waits until the broker has it. */
    public void publish(String destination, RawMessage message) {
        call(session -> {
            BytesMessage wire = session.createBytesMessage();
            byte[] body = message.body();
            if (body == null) {
                wire.setBooleanProperty(TOMBSTONE, true);
            } else {
                wire.writeBytes(body);
            }
            PackedHeaders more = new PackedHeaders();
            message.headers().forEach(more::add);
            String packed = more.text();
            if (packed != null) {
                wire.setStringProperty(MORE, packed);
            }
            String key = message.key();
            if (key != null) {
                wire.setStringProperty(KEY, key);
                wire.setIntProperty("oncemq_hash", KeyHash.of(key) & 0x7fffffff);
            }
            try (MessageProducer producer = session.createProducer(session.createTopic(destination))) {
                producer.send(wire);
            }
            return true;
        });
    }

    List<Stranger> publishStrangers(String destination) {
        return call(session -> JmsStrangers.publish(session, session.createTopic(destination), new BelowJms()));
    }

    /** Artemis' own protocol has bytes, too. */
    private static final class BelowJms implements JmsStrangers.Below {
        @Override
        public Map<String, Object> values() {
            return Map.of("bytes", new byte[] {1, -1, 0}, "no bytes", new byte[0], "character", 'c');
        }

        @Override
        public void put(Message message, String property, Object value) {
            ((ActiveMQMessage) message).getCoreMessage().putObjectProperty(SimpleString.of(property), value);
        }
    }

    /** From now on the destination keeps a copy of its messages for {@link #read}. */
    public void spyOn(String destination) {
        call(session -> {
            ClientSession core = session.getCoreSession();
            core.createQueue(QueueConfiguration.of(spy(destination))
                    .setAddress(destination)
                    .setRoutingType(RoutingType.MULTICAST)
                    .setDurable(true)
                    .setAutoDelete(false));
            return true;
        });
    }

    static String spy(String destination) {
        return "spy." + destination;
    }

    /** All that came since {@link #spyOn}, in order. */
    public synchronized List<RawMessage> read(String destination) {
        List<RawMessage> known = read.computeIfAbsent(destination, fresh -> new ArrayList<>());
        call(session -> {
            try (MessageConsumer consumer =
                    session.createConsumer(session.createQueue(destination + "::" + spy(destination)))) {
                for (Message next = consumer.receiveNoWait(); next != null; next = consumer.receiveNoWait()) {
                    known.add(message((BytesMessage) next));
                }
            }
            return true;
        });
        return List.copyOf(known);
    }

    /** Messages of a queue that are not acknowledged. */
    public long messages(String queue) {
        return call(session ->
                session.getCoreSession().queueQuery(SimpleString.of(queue)).getMessageCount());
    }

    public boolean exists(String queue) {
        return call(session ->
                session.getCoreSession().queueQuery(SimpleString.of(queue)).isExists());
    }

    /** Consumers of a queue. */
    public int consumers(String queue) {
        return call(session ->
                session.getCoreSession().queueQuery(SimpleString.of(queue)).getConsumerCount());
    }

    /** A message as docs/wire-format.md has it. */
    static RawMessage message(BytesMessage message) throws JMSException {
        Headers.Builder headers = Headers.builder();
        for (Object each : Collections.list(message.getPropertyNames())) {
            String property = String.valueOf(each);
            boolean own = property.startsWith("JMS")
                    || property.startsWith("_")
                    || property.startsWith("oncemq_key")
                    || property.equals("oncemq_hash");
            if (!own && !property.equals(MORE) && !property.equals(TOMBSTONE)) {
                headers.add(
                        property.replace("_HYPHEN_", "-").replace("_DOT_", "."),
                        message.getStringProperty(property).getBytes(UTF_8));
            }
        }
        String more = message.getStringProperty(MORE);
        if (more != null) {
            List<String> names = new ArrayList<>();
            List<byte[]> values = new ArrayList<>();
            PackedHeaders.read(more, names, values);
            for (int i = 0; i < names.size(); i++) {
                headers.add(names.get(i), values.get(i));
            }
        }
        return new RawMessage(message.getStringProperty(KEY), headers.build(), body(message));
    }

    private static byte @Nullable [] body(BytesMessage message) throws JMSException {
        if (message.propertyExists(TOMBSTONE)) {
            return null;
        }
        byte[] body = new byte[(int) message.getBodyLength()];
        message.readBytes(body);
        return body;
    }
}
