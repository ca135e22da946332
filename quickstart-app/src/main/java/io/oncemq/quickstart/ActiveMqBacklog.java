package io.oncemq.quickstart;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.Enumeration;
import java.util.concurrent.TimeoutException;

/** The messages in the group's queues, those that were delivered and not acknowledged included; of many the broker lets some hundreds be seen. */
final class ActiveMqBacklog implements Backlog {
    private final ActiveMqSession raw;

    ActiveMqBacklog(String uri) {
        raw = new ActiveMqSession(uri);
    }

    @Override
    public long open() throws TimeoutException {
        try {
            long open = 0;
            for (int shard = 0; shard < Places.PARTITIONS; shard++) {
                open += open(ActiveMqBroker.queue(Places.GROUP, Places.DESTINATION, shard));
            }
            return open;
        } catch (JMSException e) {
            raw.close();
            throw (TimeoutException) new TimeoutException("no answer").initCause(e);
        }
    }

    /** The broker's client ends a browsing that loses its connection as one that has seen all; every queue has its mark. */
    private long open(String queue) throws JMSException {
        Session session = raw.get();
        long open = 0;
        boolean marked = false;
        try (QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
            for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); ) {
                Message message = (Message) all.nextElement();
                boolean mark = message != null && message.propertyExists(ActiveMqBroker.MARK);
                marked |= mark;
                open += mark ? 0 : 1;
            }
        }
        if (!marked) {
            throw new JMSException("not all of " + queue + " was seen");
        }
        return open;
    }

    @Override
    public void close() {
        raw.close();
    }
}
