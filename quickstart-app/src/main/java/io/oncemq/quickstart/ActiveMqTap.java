package io.oncemq.quickstart;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import org.apache.activemq.command.ActiveMQDestination;
import org.jspecify.annotations.Nullable;

/** Queues of its own beside those of the group, read and written with ActiveMQ's own client. Each copy is confirmed before the next. */
final class ActiveMqTap implements Tap {
    private static final String GROUP = "tap";
    private static final String MARK_PROPERTY = "written_HYPHEN_again";
    private static final int MOST = 200;
    private static final Duration PAUSE = Duration.ofMillis(50);
    /** After which nothing more is on the way. */
    private static final long QUIET_MILLIS = 100;

    private final Stop stop;
    private final ActiveMqSession raw;
    /** One for each queue: a single one for all of them, separated by commas, receives nothing. */
    private final List<MessageConsumer> consumers = new ArrayList<>();

    private @Nullable MessageProducer producer;
    private boolean atEnd;

    /** Creates its queues: what is published from now on is read. */
    ActiveMqTap(String uri, Stop stop) {
        this.stop = stop;
        this.raw = new ActiveMqSession(uri);
        while (!isConnected()) {
            stop.pause(PAUSE);
        }
    }

    private boolean isConnected() {
        try {
            for (int shard = 0; shard < Places.PARTITIONS; shard++) {
                // The broker keeps a queue through a restart that has had a message.
                ActiveMqBroker.mark(raw.get(), ActiveMqBroker.queue(GROUP, Places.DESTINATION, shard));
            }
            connect();
            return true;
        } catch (JMSException away) {
            raw.close();
            return false;
        }
    }

    private void connect() throws JMSException {
        if (raw.isOpen() && !consumers.isEmpty()) {
            return;
        }
        consumers.clear();
        Session session = raw.get();
        producer = session.createProducer(null);
        for (int shard = 0; shard < Places.PARTITIONS; shard++) {
            String queue = ActiveMqBroker.queue(GROUP, Places.DESTINATION, shard);
            consumers.add(session.createConsumer(session.createQueue(queue)));
        }
    }

    private void disconnect() {
        consumers.clear();
        raw.close();
    }

    @Override
    public List<Original> read() {
        List<Original> originals = new ArrayList<>();
        int count = 0;
        atEnd = false;
        try {
            connect();
            for (MessageConsumer consumer : consumers) {
                count += read(consumer, originals);
            }
            atEnd = count == 0;
        } catch (JMSException away) {
            disconnect();
        }
        if (count == 0) {
            stop.pause(PAUSE);
        }
        return originals;
    }

    /** @return how many messages there were, copies included */
    private int read(MessageConsumer consumer, List<Original> originals) throws JMSException {
        int count = 0;
        while (count < MOST) {
            Message message = count == 0 ? consumer.receive(QUIET_MILLIS) : consumer.receiveNoWait();
            if (message == null) {
                break;
            }
            count++;
            if (!message.propertyExists(MARK_PROPERTY) && !message.propertyExists(ActiveMqBroker.MARK)) {
                BytesMessage original = (BytesMessage) message;
                originals.add(stored -> writeAgain(original, stored));
            }
        }
        return count;
    }

    private void writeAgain(BytesMessage original, Runnable stored) {
        try {
            connect();
            MessageProducer writing = producer;
            if (writing != null) {
                Session session = raw.get();
                writing.send(session.createTopic(topic(original)), copy(session, original));
                stored.run();
            }
        } catch (JMSException away) {
            disconnect();
        }
    }

    private static String topic(Message original) throws JMSException {
        String queue = ((ActiveMQDestination) original.getJMSDestination()).getPhysicalName();
        return queue.substring(queue.indexOf("VirtualTopic."));
    }

    private static Message copy(Session session, BytesMessage original) throws JMSException {
        BytesMessage copy = session.createBytesMessage();
        for (Enumeration<?> names = original.getPropertyNames(); names.hasMoreElements(); ) {
            String name = (String) names.nextElement();
            if (!name.startsWith("JMS")) {
                copy.setObjectProperty(name, original.getObjectProperty(name));
            }
        }
        copy.setStringProperty(MARK_PROPERTY, "");
        original.reset();
        byte[] body = new byte[(int) original.getBodyLength()];
        original.readBytes(body);
        copy.writeBytes(body);
        return copy;
    }

    @Override
    public boolean isAtEnd() {
        return atEnd;
    }

    /** Every copy was waited for. */
    @Override
    public void flush() {}

    @Override
    public void close() {
        raw.close();
    }
}
