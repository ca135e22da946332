package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.DestinationSpec.Group;
import io.oncemq.MessageFilter;
import io.oncemq.Ordering;
import io.oncemq.spi.support.ExistingPartitions;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.MessageDispatch;
import org.jspecify.annotations.Nullable;

/**
 * Which destinations and groups there are. Classic makes a queue of every name, tells nobody which ones there are, and keeps no settings with
 * them. So it stands in a queue of each destination that nobody takes from: one message for the destination with the number of its shards, and
 * one for each group. Where two processes wrote at a time the first one counts, for both.
 *
 * <p>Each queue of a group has a message at its head that is never acknowledged, the mark: so the queue is not empty, and neither a restart nor
 * the removal of unused queues ends it; and who receives the mark knows that the queue is his. Stateless; every method blocks.
 */
final class ActiveMqRegister {
    /** Says that a message is the mark of a queue. */
    static final String MARK = "oncemq_mark";

    private static final String SHARDS = "oncemq_shards";
    private static final String GROUP = "oncemq_group";
    private static final String ORDERED = "oncemq_ordered";
    private static final String FILTER = "oncemq_filter";

    /** More than a broker lets anybody browse. */
    private static final int BROWSED = 1_000;

    private static final int ANSWER_SECONDS = 10;

    private ActiveMqRegister() {}

    /**
     * A destination as it was ensured.
     *
     * @param shards 0 if it does not exist
     */
    record Known(int shards, Map<String, Reader> groups) {
        boolean exists() {
            return shards > 0;
        }

        /** The queues of a group, in the order of its shards; none if it does not exist. */
        List<String> queues(String destination, String group) {
            List<String> queues = new ArrayList<>();
            for (int shard = 0; groups.containsKey(group) && shard < shards; shard++) {
                queues.add(ActiveMqNames.queue(destination, group, shard));
            }
            return queues;
        }

        boolean isOrdered(String group) {
            Reader reader = groups.get(group);
            return reader != null && reader.ordered();
        }
    }

    /**
     * A group as it was ensured.
     *
     * @param filter as {@link MessageFilter#toString} tells it, or null for all messages
     */
    record Reader(boolean ordered, @Nullable String filter) {
        boolean has(@Nullable MessageFilter asked) {
            return Objects.equals(filter, asked == null ? null : asked.toString());
        }
    }

    static Known read(ActiveMqLink link, String destination) throws JMSException, IOException {
        int shards = 0;
        Map<String, Reader> groups = new LinkedHashMap<>();
        String register = ActiveMqNames.register(destination);
        for (org.apache.activemq.command.Message entry :
                browse(link, ActiveMqNames.registerIfThere(destination), register)) {
            if (entry.getProperty(GROUP) instanceof String group) {
                String filter = entry.getProperty(FILTER) instanceof String text ? text : null;
                groups.putIfAbsent(group, new Reader(Boolean.TRUE.equals(entry.getProperty(ORDERED)), filter));
            } else if (shards == 0 && entry.getProperty(SHARDS) instanceof Integer count) {
                shards = count;
            }
        }
        return new Known(shards, groups);
    }

    /** Below JMS, whose browser treats a lost connection as the end of the queue. @param queue of all that the pattern matches */
    private static List<org.apache.activemq.command.Message> browse(ActiveMqLink link, String pattern, String queue)
            throws JMSException {
        BlockingQueue<MessageDispatch> arrived = new LinkedBlockingQueue<>();
        ConsumerInfo info = new ConsumerInfo(link.nextConsumer());
        info.setDestination(new ActiveMQQueue(pattern));
        info.setBrowser(true);
        info.setPrefetchSize(BROWSED);
        info.setDispatchAsync(true);
        link.connection.addDispatcher(info.getConsumerId(), arrived::add);
        List<org.apache.activemq.command.Message> messages = new ArrayList<>();
        try {
            link.ask(info);
            while (true) {
                MessageDispatch next = arrived.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    // The browser would stay on a connection that others use.
                    link.cut();
                    throw new ConnectionException("ActiveMQ did not return all messages of " + queue);
                }
                if (next.getMessage() == null) {
                    link.ask(info.createRemoveCommand());
                    return messages;
                }
                if (next.getMessage().getDestination().getPhysicalName().equals(queue)) {
                    messages.add(next.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectionException("interrupted while ActiveMQ was asked", e);
        } finally {
            link.connection.removeDispatcher(info.getConsumerId());
        }
    }

    /** @throws ConfigurationException if something of it exists otherwise than asked for */
    static void ensure(ActiveMqLink link, DestinationSpec asked) throws JMSException, IOException {
        if (!asked.settings().isEmpty()) {
            throw new ConfigurationException(
                    "DestinationSpec.settings",
                    asked.settings().keySet(),
                    "ActiveMQ has the settings of queues in its own configuration",
                    "Set them in activemq.xml, below destinationPolicy");
        }
        ActiveMqNames.checked("DestinationSpec.name", asked.name());
        asked.groups().stream().map(Group::filter).filter(Objects::nonNull).forEach(ActiveMqFilter::of);
        Known known = read(link, asked.name());
        DestinationSpec spec = ExistingPartitions.orExisting(asked, known::shards);
        check(known, spec);
        List<Group> missing = spec.groups().stream()
                .filter(group -> !known.groups().containsKey(group.name()))
                .toList();
        if (!known.exists() || !missing.isEmpty()) {
            try (Session session = link.connection.createSession();
                    MessageProducer producer = session.createProducer(null)) {
                producer.setDeliveryMode(DeliveryMode.PERSISTENT);
                write(session, producer, spec, known.exists(), missing);
            }
            check(read(link, spec.name()), spec);
        }
    }

    private static void check(Known known, DestinationSpec spec) {
        if (known.exists() && known.shards() != spec.partitions()) {
            throw new ConfigurationException(
                    "DestinationSpec.partitions",
                    spec.partitions(),
                    "the destination " + spec.name() + " exists with " + known.shards(),
                    "Use the existing number, or another destination: adding shards moves keys");
        }
        for (Group group : spec.groups()) {
            boolean ordered = group.ordering() == Ordering.PER_KEY;
            if (known.groups().containsKey(group.name()) && known.isOrdered(group.name()) != ordered) {
                throw new ConfigurationException(
                        "DestinationSpec.group",
                        group.name(),
                        "it exists on " + spec.name() + (ordered ? " without order" : " with order per key"),
                        "Use the order that it has, or another group");
            }
            Reader reader = known.groups().get(group.name());
            if (reader != null && !reader.has(group.filter())) {
                throw Selectors.different(
                        group.name(), spec.name(), String.valueOf(group.filter()), String.valueOf(reader.filter()));
            }
        }
    }

    private static void write(
            Session session, MessageProducer producer, DestinationSpec spec, boolean exists, List<Group> groups)
            throws JMSException {
        Message entry = session.createBytesMessage();
        if (!exists) {
            entry.setIntProperty(SHARDS, spec.partitions());
            producer.send(session.createQueue(ActiveMqNames.register(spec.name())), entry);
        }
        for (Group group : groups) {
            for (int shard = 0; shard < spec.partitions(); shard++) {
                BytesMessage mark = session.createBytesMessage();
                mark.setBooleanProperty(MARK, true);
                producer.send(session.createQueue(ActiveMqNames.queue(spec.name(), group.name(), shard)), mark);
            }
            // Where it stands, all of its queues are there.
            Message row = session.createBytesMessage();
            row.setStringProperty(GROUP, group.name());
            row.setBooleanProperty(ORDERED, group.ordering() == Ordering.PER_KEY);
            if (group.filter() != null) {
                row.setStringProperty(FILTER, group.filter().toString());
            }
            producer.send(session.createQueue(ActiveMqNames.register(spec.name())), row);
        }
    }
}
