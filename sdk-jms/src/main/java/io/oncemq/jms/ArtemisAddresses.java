package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.DestinationSpec.Group;
import io.oncemq.MessageFilter;
import io.oncemq.Ordering;
import io.oncemq.spi.support.ExistingPartitions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSession.AddressQuery;
import org.apache.activemq.artemis.api.core.client.ClientSession.QueueQuery;
import org.apache.activemq.artemis.selector.impl.SelectorParser;
import org.jspecify.annotations.Nullable;

/** Destinations and groups as they lie on the broker, see {@link ArtemisNames}. Stateless; every method blocks. */
final class ArtemisAddresses {
    /** Message groups would hold up a whole queue while one of their consumers is full (docs/decisions/0142). */
    private static final int NO_GROUPS = 0;

    private ArtemisAddresses() {}

    /** @throws ConfigurationException if something of it exists otherwise than asked for */
    static void ensure(ClientSession session, DestinationSpec asked) throws ActiveMQException {
        if (!asked.settings().isEmpty()) {
            throw new ConfigurationException(
                    "DestinationSpec.settings",
                    asked.settings().keySet(),
                    "Artemis has the settings of addresses in its own configuration",
                    "Set them in broker.xml, below address-settings");
        }
        asked.groups().stream().map(Group::filter).filter(Objects::nonNull).forEach(ArtemisAddresses::check);
        SimpleString address = SimpleString.of(ArtemisNames.address("DestinationSpec.name", asked.name()));
        AddressQuery there = session.addressQuery(address);
        if (!there.isExists()) {
            createAddress(session, address);
        } else if (!there.isSupportsMulticast()) {
            throw new ConfigurationException(
                    "DestinationSpec.name",
                    asked.name(),
                    "exists as an anycast address, where groups would take messages from each other",
                    "Use another name, or let the address be multicast");
        }
        DestinationSpec spec =
                ExistingPartitions.orExisting(asked, () -> ArtemisNames.shards(asked.name(), there.getQueueNames()));
        for (Group group : spec.groups()) {
            ensure(session, spec, group);
        }
    }

    /** @throws ConfigurationException if the broker would not understand it */
    static void check(MessageFilter filter) {
        Selectors.check(filter, SelectorParser::parse);
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
                    "Use the order that it has, or another group");
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
            Wanted wanted = new Wanted(spec, group, ordered ? ArtemisShards.hash(shard, count) : null);
            requireCurrent(session, name, ordered, shard, count);
            ensure(session, wanted, SimpleString.of(name));
        }
    }

    /**
     * A queue as it should be.
     *
     * @param hash which keys are its own, or null where there is no order
     */
    private record Wanted(
            DestinationSpec spec, Group group, @Nullable String hash) {
        boolean isOrdered() {
            return hash != null;
        }

        @Nullable
        String filter() {
            return ArtemisShards.filter(hash, group.filter());
        }

        ConfigurationException different(Object there) {
            return hash == null || ArtemisShards.isOf(hash, String.valueOf(there))
                    ? Selectors.different(group.name(), spec.name(), String.valueOf(group.filter()), there)
                    : partitions(spec, there);
        }
    }

    private static void requireCurrent(ClientSession session, String queue, boolean ordered, int shard, int shards)
            throws ActiveMQException {
        String there = String.valueOf(session.queueQuery(SimpleString.of(queue)).getFilterString());
        if (ordered && ArtemisShards.isEarlier(shard, shards, there)) {
            throw new ConfigurationException(
                    "DestinationSpec.group",
                    queue,
                    "an earlier version made the queue with a filter that loses messages of other programs: " + there,
                    "Stop publishing, delete the queues of the group once they are empty, and ensure it again");
        }
    }

    private static ConfigurationException partitions(DestinationSpec spec, Object there) {
        return new ConfigurationException(
                "DestinationSpec.partitions",
                spec.partitions(),
                "the group exists on " + spec.name() + " otherwise: " + there,
                "Use the existing number, or another destination: adding shards moves keys");
    }

    private static void ensure(ClientSession session, Wanted wanted, SimpleString name) throws ActiveMQException {
        String filter = wanted.filter();
        if (!session.queueQuery(name).isExists()) {
            try {
                session.createQueue(configuration(name, wanted));
            } catch (ActiveMQException e) {
                if (e.getType() != ActiveMQExceptionType.QUEUE_EXISTS) {
                    throw e;
                }
            }
        }
        QueueQuery queue = session.queueQuery(name);
        if (!String.valueOf(filter).equals(String.valueOf(queue.getFilterString()))) {
            throw wanted.different(String.valueOf(queue.getFilterString()));
        }
        differences(queue, wanted).forEach((setting, value) -> {
            throw new ConfigurationException(
                    "DestinationSpec.group",
                    name,
                    "it exists with " + setting + " = " + value + ", and not as OnceMQ makes it",
                    "Delete the queue once it is empty, or use another group");
        });
    }

    private static QueueConfiguration configuration(SimpleString name, Wanted wanted) {
        return QueueConfiguration.of(name)
                .setAddress(wanted.spec.name())
                .setRoutingType(RoutingType.MULTICAST)
                .setFilterString(wanted.filter())
                .setDurable(true)
                .setAutoCreated(false)
                .setAutoDelete(false)
                .setMaxConsumers(-1)
                .setPurgeOnNoConsumers(false)
                .setExclusive(wanted.isOrdered())
                .setLastValue(false)
                .setNonDestructive(false)
                .setConsumersBeforeDispatch(0)
                .setDelayBeforeDispatch(-1L)
                .setRingSize(-1L)
                .setGroupRebalance(false)
                .setGroupBuckets(NO_GROUPS);
    }

    /** Settings by which a queue would lose, keep back or reorder messages, with what they are. */
    private static Map<String, Object> differences(QueueQuery queue, Wanted wanted) {
        Map<String, Object> all = new LinkedHashMap<>();
        put(all, "address", !String.valueOf(queue.getAddress()).equals(wanted.spec.name()), queue.getAddress());
        put(all, "durable", !queue.isDurable(), queue.isDurable());
        put(all, "auto-delete", isTrue(queue.isAutoDelete()), true);
        put(all, "purge-on-no-consumers", queue.isPurgeOnNoConsumers(), true);
        put(all, "last-value", isTrue(queue.isLastValue()), true);
        put(all, "non-destructive", isTrue(queue.isNonDestructive()), true);
        put(all, "exclusive", isTrue(queue.isExclusive()) != wanted.isOrdered(), queue.isExclusive());
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

    /** @throws ConfigurationException if the queues of a group keep by another filter */
    static void checkFilter(
            ClientSession session,
            String destination,
            String group,
            List<String> queues,
            @Nullable MessageFilter filter)
            throws ActiveMQException {
        if (queues.isEmpty()) {
            return;
        }
        boolean ordered = !isUnordered(queues, destination, group);
        requireCurrent(session, queues.get(0), ordered, 0, queues.size());
        String hash = ordered ? ArtemisShards.hash(0, queues.size()) : null;
        String there = String.valueOf(
                session.queueQuery(SimpleString.of(queues.get(0))).getFilterString());
        if (!there.equals(String.valueOf(ArtemisShards.filter(hash, filter)))) {
            throw Selectors.different(group, destination, String.valueOf(filter), there);
        }
    }

    /** Whether members take messages of one key from each other. */
    static boolean isUnordered(List<String> queues, String destination, String group) {
        return queues.contains(ArtemisNames.group(destination, group));
    }
}
