package io.oncemq.quickstart;

import io.oncemq.DestinationSpec;
import io.oncemq.testkit.server.ActiveMqServer;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.HashSet;
import java.util.Set;

/** One ActiveMQ Classic. */
final class ActiveMqBroker implements Broker {
    /** A message that is none: the first one of each queue, and one that ends what is read. */
    static final String MARK = "oncemq_mark";

    private static final String ID_PROPERTY = "cloudEvents_id";
    private static final long PATIENCE_MILLIS = 30_000;

    private final ActiveMqServer server = ActiveMqServer.builder().build();

    @Override
    public String address() {
        return "127.0.0.1:" + server.port();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public Tap tap(Stop stop) {
        return new ActiveMqTap(server.uri(), stop);
    }

    @Override
    public Backlog backlog() {
        return new ActiveMqBacklog(server.uri());
    }

    static String topic(String destination, int shard) {
        return "VirtualTopic." + destination + "." + shard;
    }

    static String queue(String group, String destination, int shard) {
        return "Consumer." + group + "." + topic(destination, shard);
    }

    /** Takes them from the queue of the group of the same name, which every dead-letter destination has, up to a mark behind them. */
    @Override
    public Set<String> deadLetters() {
        String queue = queue(Places.GROUP, DestinationSpec.deadLetterName(Places.DESTINATION, Places.GROUP), 0);
        Set<String> ids = new HashSet<>();
        try (ActiveMqSession raw = new ActiveMqSession(server.uri())) {
            Session session = raw.get();
            String end = mark(session, queue);
            try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
                while (true) {
                    Message letter = consumer.receive(PATIENCE_MILLIS);
                    if (letter == null) {
                        throw new JobFailedException("only " + ids.size() + " dead letters came");
                    }
                    if (letter.getJMSMessageID().equals(end)) {
                        return ids;
                    }
                    if (!letter.propertyExists(MARK)) {
                        String id = letter.getStringProperty(ID_PROPERTY);
                        ids.add(id == null ? letter.getJMSMessageID() : id);
                    }
                }
            }
        } catch (JMSException e) {
            throw new IllegalStateException("the dead letters cannot be read", e);
        }
    }

    /** @return its id */
    static String mark(Session session, String queue) throws JMSException {
        Message mark = session.createMessage();
        mark.setBooleanProperty(MARK, true);
        try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            producer.send(mark);
        }
        return mark.getJMSMessageID();
    }

    @Override
    public void close() {
        server.close();
    }
}
