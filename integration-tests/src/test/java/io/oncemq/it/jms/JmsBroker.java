package io.oncemq.it.jms;

import io.oncemq.it.kit.RawActiveMq;
import io.oncemq.it.kit.RawArtemis;
import io.oncemq.spi.TransportFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One of both brokers, for tests that are the same on each: how OnceMQ connects, and how others reach its destinations of one partition.
 *
 * @param topic where others send to
 * @param queue what the first partition of a group is, for others
 */
record JmsBroker(String name, TransportFactory transport, Raw raw, String topic, String queue) {
    /** Does something in a session without OnceMQ. */
    interface Work<T> {
        T in(Session session) throws JMSException;
    }

    /** Runs work in a session of its own. */
    interface Raw {
        <T> T call(Work<T> work);
    }

    /** Makes a message as another program would. */
    interface Maker {
        Message in(Session session) throws JMSException;
    }

    static JmsBroker artemis(TransportFactory transport, RawArtemis raw) {
        return new JmsBroker(
                "Artemis",
                transport,
                new Raw() {
                    @Override
                    public <T> T call(Work<T> work) {
                        return raw.call(work::in);
                    }
                },
                "%s",
                "%1$s::%1$s/%2$s/0");
    }

    static JmsBroker classic(TransportFactory transport, RawActiveMq raw) {
        return new JmsBroker(
                "Classic",
                transport,
                new Raw() {
                    @Override
                    public <T> T call(Work<T> work) {
                        return raw.call(work::in);
                    }
                },
                "VirtualTopic.%s.0",
                "Consumer.%2$s.VirtualTopic.%1$s.0");
    }

    static List<JmsBroker> both() {
        return List.of(
                artemis(ArtemisRig.artemis(), ArtemisRig.raw()), classic(ActiveMqRig.activeMq(), ActiveMqRig.raw()));
    }

    void send(String destination, Maker maker) {
        raw.call(session -> {
            try (MessageProducer producer = session.createProducer(session.createTopic(topic.formatted(destination)))) {
                producer.send(maker.in(session));
            }
            return true;
        });
    }

    String queue(String destination, String group) {
        return queue.formatted(destination, group);
    }

    /** What a group has not acknowledged. */
    List<Message> waiting(String destination, String group) {
        return raw.call(session -> {
            List<Message> messages = new ArrayList<>();
            try (QueueBrowser browser = session.createBrowser(session.createQueue(queue(destination, group)))) {
                for (Object each : Collections.list(browser.getEnumeration())) {
                    if (!((Message) each).propertyExists("oncemq_mark")) {
                        messages.add((Message) each);
                    }
                }
            }
            return messages;
        });
    }

    @Override
    public String toString() {
        return name;
    }
}
