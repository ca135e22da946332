package io.oncemq.it.kit;

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
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.command.ActiveMQMessage;

/** ActiveMQ Classic without OnceMQ, by a short connection for each call. */
public final class RawActiveMq {
    private static final String KEY = "oncemq_key";
    private static final String TOMBSTONE = "oncemq_tombstone";
    private static final String MORE = "oncemq_more";
    private static final String MARK = "oncemq_mark";
    private static final long PATIENCE_MILLIS = 30_000;

    /** What is done in a session. */
    public interface Action<T> {
        T in(Session session) throws JMSException;
    }

    private final Supplier<String> uri;
    private final Map<String, List<RawMessage>> read = new ConcurrentHashMap<>();

    /** @param uri where the broker listens, looked up for each call */
    public RawActiveMq(Supplier<String> uri) {
        this.uri = uri;
    }

    /** Runs in a fresh session, which acknowledges by itself; its connection receives. */
    public <T> T call(Action<T> action) {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(uri.get());
        factory.setWatchTopicAdvisories(false);
        try (Connection connection = factory.createConnection()) {
            connection.start();
            try (Session session = connection.createSession()) {
                return action.in(session);
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String topic(String destination, int shard) {
        return "VirtualTopic." + destination + "." + shard;
    }

    private static String spy(String destination, int shard) {
        return "Consumer.spy." + topic(destination, shard);
    }

    /** How many shards a destination was ensured with, as docs/wire-format.md says. */
    private static int shards(Session session, String destination) throws JMSException {
        for (Message entry : browse(session, "oncemq.register." + destination)) {
            if (entry.propertyExists("oncemq_shards")) {
                return entry.getIntProperty("oncemq_shards");
            }
        }
        throw new IllegalStateException(destination + " was not ensured");
    }

    private static List<Message> browse(Session session, String queue) throws JMSException {
        List<Message> messages = new ArrayList<>();
        try (QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
            for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); ) {
                messages.add((Message) all.nextElement());
            }
        }
        return messages;
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
            int shard = 0;
            if (key != null) {
                wire.setStringProperty(KEY, key);
                shard = (KeyHash.of(key) & 0x7fffffff) % shards(session, destination);
            }
            try (MessageProducer producer = session.createProducer(session.createTopic(topic(destination, shard)))) {
                producer.send(wire);
            }
            return true;
        });
    }

    /** To a destination with one shard. */
    List<Stranger> publishStrangers(String destination) {
        return call(
                session -> JmsStrangers.publish(session, session.createTopic(topic(destination, 0)), new BelowJms()));
    }

    /** Classic's own protocol has characters, lists and maps, too. */
    private static final class BelowJms implements JmsStrangers.Below {
        @Override
        public Map<String, Object> values() {
            return Map.of("list", List.of("a", Map.of("b", 1)), "map", Map.of("a", List.of()), "character", 'c');
        }

        @Override
        public void put(Message message, String property, Object value) throws JMSException {
            ((ActiveMQMessage) message).setObjectProperty(property, value, false);
        }
    }

    /** From now on the destination keeps a copy of its messages for {@link #read}. */
    public void spyOn(String destination) {
        call(session -> {
            int shards = shards(session, destination);
            for (int shard = 0; shard < shards; shard++) {
                mark(session, spy(destination, shard));
            }
            return true;
        });
    }

    /** The broker forgets a queue that never had a message. */
    private static void mark(Session session, String queue) throws JMSException {
        Message mark = session.createMessage();
        mark.setBooleanProperty(MARK, true);
        try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            producer.send(mark);
        }
    }

    /** All that came since {@link #spyOn}, those of one shard in order. */
    public synchronized List<RawMessage> read(String destination) {
        List<RawMessage> known = read.computeIfAbsent(destination, fresh -> new ArrayList<>());
        call(session -> {
            int shards = shards(session, destination);
            for (int shard = 0; shard < shards; shard++) {
                drain(session, spy(destination, shard), known);
            }
            return true;
        });
        return List.copyOf(known);
    }

    /** Up to a further mark: nothing else shows that no more messages are on the way. */
    private static void drain(Session session, String queue, List<RawMessage> into) throws JMSException {
        mark(session, queue);
        int marks = 0;
        List<RawMessage> found = new ArrayList<>();
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            while (marks < 2) {
                Message next = consumer.receive(PATIENCE_MILLIS);
                if (next == null) {
                    throw new IllegalStateException("the mark of " + queue + " did not come");
                }
                if (next.propertyExists(MARK)) {
                    marks++;
                } else {
                    found.add(RawArtemis.message((BytesMessage) next));
                }
            }
        }
        into.addAll(found);
        mark(session, queue);
    }

    /** Messages of a queue that are not acknowledged, without its mark. */
    public List<Message> waiting(String queue) {
        return call(session -> browse(session, queue).stream()
                .filter(message -> !isMark(message))
                .toList());
    }

    /** How many marks each queue of a group has. */
    public List<Integer> marks(String destination, String group, int queues) {
        return call(session -> {
            List<Integer> marks = new ArrayList<>();
            for (int shard = 0; shard < queues; shard++) {
                String queue = "Consumer." + group + "." + topic(destination, shard);
                marks.add((int) browse(session, queue).stream()
                        .filter(RawActiveMq::isMark)
                        .count());
            }
            return marks;
        });
    }

    private static boolean isMark(Message message) {
        try {
            return message.propertyExists(MARK);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
