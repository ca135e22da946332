package io.oncemq.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import io.oncemq.Backlog;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.DestinationSpec.Group;
import io.oncemq.Ordering;
import io.oncemq.rabbit.Administration.Refused;
import io.oncemq.spi.support.ExistingPartitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Destinations and groups as they lie on the server, see {@link RabbitNames}. The markers of all shards are declared before the
 * destination's own exchange, so whoever finds that finds the right number of them. Thread-safe; every method blocks.
 */
final class Topology {
    private static final int LONGEST_NAME = 255;
    /** What a queue's or a marker's name needs beside those of destination and group. */
    private static final int NAME_ROOM = 20;

    /**
     * The queues of a group.
     *
     * @param shards of the destination
     * @param shared whether its members compete for one queue
     */
    record GroupQueue(int shards, boolean shared) {}

    private final Administration administration;
    private final Map<String, NavigableSet<Duration>> levels = new ConcurrentHashMap<>();

    Topology(Administration administration) {
        this.administration = administration;
    }

    /** @throws ConfigurationException if something of it exists otherwise than asked for */
    void ensure(DestinationSpec asked) {
        QueueArguments.check(asked);
        requireName("DestinationSpec.name", RabbitNames.exchange(asked.name()));
        asked.groups()
                .forEach(group ->
                        requireName("DestinationSpec.group", RabbitNames.sharedQueue(asked.name(), group.name())));
        if (!exists(asked.name())) {
            createUnlessAnotherHas(ExistingPartitions.orExisting(asked, () -> 0));
        }
        DestinationSpec spec = ExistingPartitions.orExisting(asked, () -> shards(asked.name()));
        requireShards(spec);
        declareExchange(RabbitNames.exchange(spec.name()));
        for (Group group : spec.groups()) {
            ensure(spec, group);
        }
        ensureHistory(spec);
        spec.delays().forEach(delay -> ensure(spec, delay));
    }

    private void ensureHistory(DestinationSpec spec) {
        DestinationSpec.History history = spec.history();
        if (history == null) {
            return;
        }
        Map<String, Object> arguments = QueueArguments.ofHistory(spec, history);
        for (int shard = 0; shard < spec.partitions(); shard++) {
            String queue = RabbitNames.history(spec.name(), shard);
            declareQueue(queue, arguments);
            bind(RabbitNames.exchange(spec.name()), queue, shard, spec.partitions());
        }
    }

    /** Whether what is read of each shard stays in a stream. */
    boolean keepsHistory(String destination) {
        int shards = shards(destination);
        return shards > 0
                && IntStream.range(0, shards).allMatch(shard -> queueExists(RabbitNames.history(destination, shard)));
    }

    private void requireShards(DestinationSpec spec) {
        int shards = shards(spec.name());
        if (shards != spec.partitions()) {
            throw new ConfigurationException(
                    "DestinationSpec.partitions",
                    spec.partitions(),
                    "destination " + spec.name() + " exists with " + shards,
                    "Ask for " + shards + ", or use another destination: adding shards moves keys");
        }
    }

    private void createUnlessAnotherHas(DestinationSpec spec) {
        try (CreationLock lock = CreationLock.take(administration.connections(), spec.name())) {
            if (!exists(spec.name())) {
                create(spec, lock);
                declareExchange(RabbitNames.exchange(spec.name()));
            }
        }
    }

    private void create(DestinationSpec spec, CreationLock lock) {
        for (int shard = 0; shard < spec.partitions(); shard++) {
            declareExchange(RabbitNames.shardMarker(spec.name(), shard));
        }
        String beyond = RabbitNames.shardMarker(spec.name(), spec.partitions());
        for (int shard = spec.partitions(); exchangeExists(beyond); shard++) {
            String left = beyond;
            lock.require();
            administration.say("deleting " + left, channel -> channel.exchangeDelete(left));
            beyond = RabbitNames.shardMarker(spec.name(), shard + 1);
        }
    }

    private void declareExchange(String name) {
        declare(
                "exchange " + name,
                channel -> channel.exchangeDeclare(name, BuiltinExchangeType.DIRECT, true, false, Map.of()));
    }

    /**
     * Makes the queues that an instance of a broadcast group lacks, always one per shard: it has no other members to compete with.
     *
     * @param instance the group that the instance is to the server
     * @param group whose dead letters are its own
     * @return whether one was missing, so that it begins with what is published from now on
     * @throws ConfigurationException if the group has queues of its own, which nobody would read, or the instance's are others
     */
    boolean join(String destination, String instance, String group, Duration keep) {
        requireName("broadcast", RabbitNames.sharedQueue(destination, instance));
        GroupQueue shared = groupOf(destination, group);
        if (shared != null) {
            throw new ConfigurationException(
                    "broadcast",
                    instance,
                    "the group " + group + " was ensured on " + destination
                            + " as one that shares its messages: no instance would read its queues, and they would fill",
                    "Ensure it with DestinationSpec.broadcast(\"" + group
                            + "\") instead of group, and delete its queues");
        }
        int shards = shards(destination);
        boolean known = true;
        Map<String, Object> arguments = QueueArguments.ofInstance(destination, group, keep);
        for (int shard = 0; shard < shards; shard++) {
            String queue = RabbitNames.queue(destination, instance, shard);
            known = known && queueExists(queue);
            declareQueue(queue, arguments);
            bind(RabbitNames.exchange(destination), queue, shard, shards);
        }
        return !known;
    }

    private void ensure(DestinationSpec spec, Group group) {
        boolean ordered = group.ordering() == Ordering.PER_KEY;
        requireOrdering(spec.name(), group.name(), ordered);
        Map<String, Object> arguments = QueueArguments.of(spec, group.name(), ordered);
        int shards = spec.partitions();
        if (ordered) {
            for (int shard = 0; shard < shards; shard++) {
                String queue = RabbitNames.queue(spec.name(), group.name(), shard);
                declareQueue(queue, arguments);
                bind(RabbitNames.exchange(spec.name()), queue, shard, shards);
            }
        } else {
            String queue = RabbitNames.sharedQueue(spec.name(), group.name());
            declareQueue(queue, arguments);
            for (int shard = 0; shard < shards; shard++) {
                bind(RabbitNames.exchange(spec.name()), queue, shard, shards);
            }
        }
    }

    /** The exchange has a binding for each shard and no more, so that whoever counts shards otherwise gets the message back here, too. */
    private void ensure(DestinationSpec spec, Duration delay) {
        String name = RabbitNames.delay(spec.name(), delay);
        declareQueue(name, QueueArguments.ofDelay(spec, delay));
        declareExchange(name);
        for (int shard = 0; shard < spec.partitions(); shard++) {
            bind(name, name, shard, spec.partitions());
        }
        levels(spec.name()).add(delay);
    }

    private void requireOrdering(String destination, String group, boolean ordered) {
        String other = ordered ? RabbitNames.sharedQueue(destination, group) : RabbitNames.queue(destination, group, 0);
        if (queueExists(other)) {
            throw new ConfigurationException(
                    "DestinationSpec.group(" + group + ")",
                    ordered ? Ordering.PER_KEY : Ordering.UNORDERED,
                    "the group exists on " + destination + " as " + (ordered ? Ordering.UNORDERED : Ordering.PER_KEY)
                            + ", with the queue " + other,
                    "Ask for that, use another group, or delete its queues once they are empty");
        }
    }

    private void declareQueue(String queue, Map<String, Object> arguments) {
        declare("queue " + queue, channel -> channel.queueDeclare(queue, true, false, false, arguments));
    }

    private void bind(String exchange, String queue, int shard, int shards) {
        declare(
                "the binding of " + queue,
                channel -> channel.queueBind(queue, exchange, RabbitNames.routingKey(shard, shards)));
    }

    private void declare(String what, Administration.Request<?> declaration) {
        try {
            administration.say("declaring " + what, declaration);
        } catch (Refused e) {
            throw QueueArguments.mismatch(what, e.text());
        }
    }

    /** Whether the server answers: it has this exchange by definition. */
    boolean answers() {
        return exchangeExists("amq.direct");
    }

    boolean exists(String destination) {
        return fits(RabbitNames.exchange(destination)) && exchangeExists(RabbitNames.exchange(destination));
    }

    /** Whether the destination's exchange is a durable one of the right type. Declares nothing that is not there. */
    @Nullable
    ConfigurationException unlikeOurs(String destination) {
        try {
            declareExchange(RabbitNames.exchange(destination));
            return null;
        } catch (ConfigurationException e) {
            return e;
        }
    }

    /** @throws ConfigurationException if its members compete for one queue, so that a key has no order */
    void requireOrder(String destination, String group) {
        String shared = RabbitNames.sharedQueue(destination, group);
        if (fits(shared) && queueExists(shared)) {
            throw new ConfigurationException(
                    "ordering",
                    Ordering.PER_KEY,
                    "the group " + group + " was ensured on " + destination + " as UNORDERED: its members compete for "
                            + shared,
                    "Subscribe with Ordering.UNORDERED, or with a group that was ensured as PER_KEY");
        }
    }

    boolean hasGroup(String destination, String group) {
        return groupOf(destination, group) != null;
    }

    /** The group's queues, or null if one of them is missing. */
    @Nullable
    GroupQueue groupOf(String destination, String group) {
        int shards = fits(RabbitNames.sharedQueue(destination, group)) ? shards(destination) : 0;
        if (shards == 0) {
            return null;
        }
        if (queueExists(RabbitNames.sharedQueue(destination, group))) {
            return new GroupQueue(shards, true);
        }
        for (int shard = 0; shard < shards; shard++) {
            if (!queueExists(RabbitNames.queue(destination, group, shard))) {
                return null;
            }
        }
        return new GroupQueue(shards, false);
    }

    /** What waits in the group's queues; the server does not count what was delivered and not acknowledged. */
    List<Backlog> backlog(String destination, String group) {
        GroupQueue queues = groupOf(destination, group);
        if (queues == null) {
            return List.of();
        }
        List<String> names = queues.shared()
                ? List.of(RabbitNames.sharedQueue(destination, group))
                : IntStream.range(0, queues.shards())
                        .mapToObj(shard -> RabbitNames.queue(destination, group, shard))
                        .toList();
        List<Backlog> backlog = new ArrayList<>();
        for (String name : names) {
            AMQP.Queue.DeclareOk found =
                    administration.ask("counting queue " + name, channel -> channel.queueDeclarePassive(name));
            if (found != null) {
                backlog.add(new Backlog(name, -1, found.getMessageCount()));
            }
        }
        return backlog;
    }

    /** What stands against these queues as they are; nothing is created. */
    List<ConfigurationException> differences(DestinationSpec asked) {
        DestinationSpec spec = ExistingPartitions.orExisting(asked, () -> shards(asked.name()));
        List<ConfigurationException> differences = new ArrayList<>();
        for (Group group : spec.groups()) {
            GroupQueue there = groupOf(spec.name(), group.name());
            if (there != null && there.shards() == spec.partitions()) {
                compare(() -> ensure(spec, group), differences);
            }
        }
        boolean sameShards = shards(spec.name()) == spec.partitions();
        for (Duration delay : spec.delays()) {
            String name = RabbitNames.delay(spec.name(), delay);
            if (sameShards && exchangeExists(name) && queueExists(name)) {
                compare(() -> ensure(spec, delay), differences);
            }
        }
        if (sameShards && keepsHistory(spec.name())) {
            compare(() -> ensureHistory(spec), differences);
        }
        return differences;
    }

    private static void compare(Runnable declaration, List<ConfigurationException> differences) {
        try {
            declaration.run();
        } catch (ConfigurationException e) {
            differences.add(e);
        }
    }

    /** Over how many shards keys are placed; 0 if the destination does not exist. */
    int shards(String destination) {
        return exists(destination)
                ? ShardCount.of(shard -> exchangeExists(RabbitNames.shardMarker(destination, shard)))
                : 0;
    }

    boolean hasDelay(String destination, Duration delay) {
        boolean there = exchangeExists(RabbitNames.delay(destination, delay));
        if (there) {
            levels(destination).add(delay);
        } else {
            levels(destination).remove(delay);
        }
        return there;
    }

    /** The delays that were ensured or found here; nobody can list what others have made. */
    NavigableSet<Duration> levels(String destination) {
        return levels.computeIfAbsent(destination, name -> new ConcurrentSkipListSet<>());
    }

    private boolean exchangeExists(String name) {
        AMQP.Exchange.DeclareOk found =
                administration.ask("looking for exchange " + name, channel -> channel.exchangeDeclarePassive(name));
        return found != null;
    }

    private boolean queueExists(String name) {
        AMQP.Queue.DeclareOk found =
                administration.ask("looking for queue " + name, channel -> channel.queueDeclarePassive(name));
        return found != null;
    }

    private static boolean fits(String name) {
        return name.getBytes(UTF_8).length <= LONGEST_NAME - NAME_ROOM;
    }

    /** @throws ConfigurationException if the lock of its replay would have too long a name */
    void requireReader(String destination, String reader) {
        requireName("replay.name", RabbitNames.sharedQueue(destination, reader));
    }

    private static void requireName(String property, String name) {
        if (!fits(name) || name.startsWith("amq.")) {
            throw new ConfigurationException(
                    property,
                    name,
                    "cannot be the name of exchanges and queues",
                    "Use at most " + (LONGEST_NAME - NAME_ROOM)
                            + " bytes for destination and group together, and no name that begins with amq.");
        }
    }
}
