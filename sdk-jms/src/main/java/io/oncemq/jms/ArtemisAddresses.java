package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.DestinationSpec.Group;
import io.oncemq.Ordering;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSession.AddressQuery;
import org.apache.activemq.artemis.api.core.client.ClientSession.QueueQuery;
import org.jspecify.annotations.Nullable;

/** Destinations and groups as they lie on the broker, see {@link ArtemisNames}. Stateless; every method blocks. */
final class ArtemisAddresses {
    /** Message groups would hold up a whole queue while one of their consumers is full (docs/decisions/0142). */
    private static final int NO_GROUPS = 0;

    private ArtemisAddresses() {}

    /** @throws ConfigurationException if something of it exists otherwise than asked for */
    static void ensure(ClientSession session, DestinationSpec spec) throws ActiveMQException {
        if (!spec.settings().isEmpty()) {
            throw new ConfigurationException(
                    "DestinationSpec.settings",
                    spec.settings().keySet(),
                    "Artemis has the settings of addresses in its own configuration",
                    "Set them in broker.xml, below address-settings");
        }
        SimpleString address = SimpleString.of(ArtemisNames.address("DestinationSpec.name", spec.name()));
        AddressQuery there = session.addressQuery(address);
        if (!there.isExists()) {
            createAddress(session, address);
        } else if (!there.isSupportsMulticast()) {
            throw new ConfigurationException(
                    "DestinationSpec.name",
                    spec.name(),
                    "exists as an anycast address, where groups would take messages from each other",
                    "Use another name, or let the address be multicast");
        }
        for (Group group : spec.groups()) {
            ensure(session, spec, group);
        }
    }

    private static void createAddress(ClientSession session, SimpleString address) throws ActiveMQException {
        try {
            session.createAddress(address, RoutingType.MULTICAST, false);
        } catch (ActiveMQException e) {
            if (e.getType() != ActiveMQExceptionType.ADDRESS_EXISTS) {
                throw e;
            }
        }
    }

    private static void ensure(ClientSession session, DestinationSpec spec, Group group) throws ActiveMQException {
        boolean ordered = group.ordering() == Ordering.PER_KEY;
        List<String> there = queues(session, spec.name(), group.name());
        if (!there.isEmpty() && (isUnordered(there, spec.name(), group.name()) == ordered)) {
            throw new ConfigurationException(
                    "DestinationSpec.group",
                    group.name(),
                    "it exists on " + spec.name() + (ordered ? " without order" : " with order per key"),
                    "Ask for the order that it has, or use another group");
        }
        if (ordered && !there.isEmpty() && there.size() != spec.partitions()) {
            throw partitions(spec, there.size());
        }
        int count = ordered ? spec.partitions() : 1;
        // The first shard comes last: where it is, all are.
        for (int shard = count - 1; shard >= 0; shard--) {
            String name = ordered
                    ? ArtemisNames.queue(spec.name(), group.name(), shard)
                    : ArtemisNames.group(spec.name(), group.name());
            ensure(session, spec, ordered ? filter(shard, count) : null, SimpleString.of(name));
        }
    }

    private static ConfigurationException partitions(DestinationSpec spec, Object there) {
        return new ConfigurationException(
                "DestinationSpec.partitions",
                spec.partitions(),
                "the group exists on " + spec.name() + " otherwise: " + there,
                "Ask for what is there, or use another destination: adding shards moves keys");
    }

    /** A message of another producer that names no hash is the first shard's. */
    private static String filter(int shard, int shards) {
        String own = JmsRecords.HASH + " % " + shards + " = " + shard;
        return shard == 0 ? JmsRecords.HASH + " IS NULL OR " + own : own;
    }

    private static void ensure(ClientSession session, DestinationSpec spec, @Nullable String filter, SimpleString name)
            throws ActiveMQException {
        if (!session.queueQuery(name).isExists()) {
            try {
                session.createQueue(configuration(name, spec.name(), filter));
            } catch (ActiveMQException e) {
                if (e.getType() != ActiveMQExceptionType.QUEUE_EXISTS) {
                    throw e;
                }
            }
        }
        QueueQuery queue = session.queueQuery(name);
        if (filter != null && !filter.equals(String.valueOf(queue.getFilterString()))) {
            throw partitions(spec, queue.getFilterString());
        }
        differences(queue, spec.name(), filter).forEach((setting, value) -> {
            throw new ConfigurationException(
                    "DestinationSpec.group",
                    name,
                    "it exists with " + setting + " = " + value + ", and not as OnceMQ makes it",
                    "Delete the queue once it is empty, or use another group");
        });
    }

    private static QueueConfiguration configuration(SimpleString name, String destination, @Nullable String filter) {
        return QueueConfiguration.of(name)
                .setAddress(destination)
                .setRoutingType(RoutingType.MULTICAST)
                .setFilterString(filter)
                .setDurable(true)
                .setAutoCreated(false)
                .setAutoDelete(false)
                .setMaxConsumers(-1)
                .setPurgeOnNoConsumers(false)
                .setExclusive(filter != null)
                .setLastValue(false)
                .setNonDestructive(false)
                .setConsumersBeforeDispatch(0)
                .setDelayBeforeDispatch(-1L)
                .setRingSize(-1L)
                .setGroupRebalance(false)
                .setGroupBuckets(NO_GROUPS);
    }

    /** Settings by which a queue would lose, keep back or reorder messages, with what they are. */
    private static Map<String, Object> differences(QueueQuery queue, String destination, @Nullable String filter) {
        Map<String, Object> all = new LinkedHashMap<>();
        put(all, "address", !String.valueOf(queue.getAddress()).equals(destination), queue.getAddress());
        put(all, "durable", !queue.isDurable(), queue.isDurable());
        put(all, "filter", filter == null && queue.getFilterString() != null, queue.getFilterString());
        put(all, "auto-delete", isTrue(queue.isAutoDelete()), true);
        put(all, "purge-on-no-consumers", queue.isPurgeOnNoConsumers(), true);
        put(all, "last-value", isTrue(queue.isLastValue()), true);
        put(all, "non-destructive", isTrue(queue.isNonDestructive()), true);
        put(all, "exclusive", isTrue(queue.isExclusive()) != (filter != null), queue.isExclusive());
        Long ring = queue.getRingSize();
        put(all, "ring-size", ring != null && ring >= 0, ring);
        return all;
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }

    private static void put(Map<String, Object> all, String setting, boolean differs, @Nullable Object value) {
        if (differs) {
            all.put(setting, String.valueOf(value));
        }
    }

    static boolean exists(ClientSession session, String destination) throws ActiveMQException {
        AddressQuery there = session.addressQuery(SimpleString.of(ArtemisNames.address("destination", destination)));
        return there.isExists() && there.isSupportsMulticast();
    }

    /** The queues of a group: of its shards in order, or the one of a group without order; none if it does not exist. */
    static List<String> queues(ClientSession session, String destination, String group) throws ActiveMQException {
        Set<String> all = new HashSet<>();
        session.addressQuery(SimpleString.of(ArtemisNames.address("destination", destination)))
                .getQueueNames()
                .forEach(name -> all.add(name.toString()));
        String loose = ArtemisNames.group(destination, group);
        if (all.contains(loose)) {
            return List.of(loose);
        }
        List<String> shards = new ArrayList<>();
        while (all.contains(ArtemisNames.queue(destination, group, shards.size()))) {
            shards.add(ArtemisNames.queue(destination, group, shards.size()));
        }
        return shards;
    }

    /** Whether members take messages of one key from each other. */
    static boolean isUnordered(List<String> queues, String destination, String group) {
        return queues.contains(ArtemisNames.group(destination, group));
    }
}
