package io.oncemq.spi;

import io.oncemq.Backlog;
import io.oncemq.Capabilities;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessageFilter;
import io.oncemq.MessageQuery;
import java.util.List;

/**
 * One broker as the engine sees it. It translates messages, exceptions, settlements and threading, and decides nothing: no
 * retry, no dead letter, no deduplication. Thread-safe.
 */
public interface BrokerTransport extends AutoCloseable {
    Capabilities capabilities();

    /** What stands before a CloudEvents attribute's name in a header on this broker, such as {@code ce_}. */
    String cloudEventsPrefix();

    /**
     * What else may stand there in messages of others, such as {@code cloudEvents:}. It is read where the attribute is not there under
     * {@link #cloudEventsPrefix}, and never written.
     */
    default List<String> otherCloudEventsPrefixes() {
        return List.of();
    }

    /**
     * What tells destinations and groups of this client from those of the same name beside them, such as a virtual host; empty where there
     * are none. It is part of the name under which the store remembers a group's messages, so that tenants that share a store do not
     * suppress each other's messages.
     */
    default String namespace() {
        return "";
    }

    /**
     * The cluster's own identity, which no other cluster of this {@link Capabilities#system system} has, and which stays through restarts,
     * failovers and whichever server answers; empty where the broker has none that every client may read. It is part of the scope of
     * deduplication, so that two clusters on one store do not suppress each other's messages: one that changed would make remembered
     * messages new. Asked once per client. Blocks.
     *
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default String cluster() {
        return "";
    }

    /**
     * The addresses of the cluster that this client was given, as {@code host:port}, without credentials. Errors and events name them. Where {@link
     * #cluster} is empty, two processes of a group that have no address in common may read two clusters, which is reported as an event.
     */
    default List<String> addresses() {
        return List.of();
    }

    /**
     * Creates the destination (the one named only, not its dead letters) where it is missing, with what each of its groups
     * and delays needs on this broker, and waits until every partition has a leader that answers. No group of it is a broadcast one. Blocks.
     *
     * @throws io.oncemq.ConfigurationException if it exists with other partitions, or a group otherwise than asked for
     * @throws io.oncemq.ConnectionException if the broker does not answer; it may exist then
     */
    void ensure(DestinationSpec destination);

    /** Whether the destination exists. Blocks. @throws io.oncemq.ConnectionException if the broker does not answer */
    boolean exists(String destination);

    /**
     * Whether a group can read an existing destination. Always on a log, which keeps messages for groups that come later; on a queue broker
     * only once the group has queues of its own. Blocks.
     *
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default boolean hasGroup(String destination, String group) {
        return true;
    }

    /**
     * Whether messages of an existing destination can be read again after a group has read them. Always on a log. Asked only where
     * capabilities name {@link io.oncemq.Feature#REPLAY}. Blocks.
     *
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default boolean keepsHistory(String destination) {
        return true;
    }

    /**
     * What the settings that all destinations share mean for {@link io.oncemq.Profile#DURABLE}. Reports only: what becomes of it
     * is the engine's decision. What the credentials may not read is a finding too. Blocks.
     *
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default List<Finding> preflight() {
        return List.of(Finding.unchecked(
                capabilities().system(),
                "preflight",
                "this adapter does not read its broker's settings",
                "must be known to keep what it confirmed",
                "Accept it by name with acceptUnchecked(\"preflight\", reason) once you have checked it"));
    }

    /**
     * The same for one destination; that it does not exist is a finding. Blocks.
     *
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default DestinationReport preflight(String destination) {
        return new DestinationReport(List.of(), null);
    }

    /**
     * A dead-letter destination that is to be ensured, with room for {@code room} bytes more than its source takes. Default: unchanged, as
     * where the limit belongs to the broker and not to a destination. Blocks.
     *
     * @param letters asked for, for the dead letters of the source
     * @param source asked for; it may exist
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default DestinationSpec deadLetters(DestinationSpec letters, DestinationSpec source, int room) {
        return letters;
    }

    /**
     * How {@link #ensure} would leave a destination that is to be durable; creates nothing. Blocks.
     *
     * @throws io.oncemq.ConfigurationException if the broker would not create it so
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default DestinationPlan plan(DestinationSpec asked) {
        return new DestinationPlan(
                asked, exists(asked.name()) ? preflight(asked.name()).findings() : List.of());
    }

    /**
     * Asks for a sign of life. Blocks.
     *
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default void ping() {
        exists("oncemq-ping");
    }

    /**
     * What the broker holds for a group of an existing destination, by shard; empty where it cannot tell. Blocks.
     *
     * @param group as {@link SourceSpec#group} names it
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default List<Backlog> backlog(String destination, String group) {
        return List.of();
    }

    /**
     * Whether the broker understands a filter for an existing destination. Asked only where capabilities name {@link
     * io.oncemq.Feature#FILTER}. Blocks.
     *
     * @throws io.oncemq.ConfigurationException if it does not, or is not set to
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default void checkFilter(String destination, MessageFilter filter) {}

    /**
     * What the broker finds in an existing destination; it may be more than was asked for, which the engine leaves out. Asked only where
     * capabilities name {@link io.oncemq.Feature#FIND}. Blocks.
     *
     * @throws io.oncemq.ConfigurationException if the broker has no index of such values
     * @throws io.oncemq.ConnectionException if one of the servers that may have some does not answer
     */
    default List<StoredMessage> find(String destination, MessageQuery query) {
        return List.of();
    }

    /** How sends of one session relate; see {@link PublishOrder}. */
    PublishOrder publishOrder();

    /**
     * Opens a session: one generation of a producing client. May block for a connection.
     *
     * @throws io.oncemq.ConnectionException if the broker cannot be reached
     */
    PublishSession openPublishSession(PublishListener listener);

    /**
     * Whether the group has a position on the destination already, at which it continues whatever its
     * {@link io.oncemq.StartPosition} says. Asked only where capabilities name
     * {@link io.oncemq.Feature#START_POSITION}. Blocks.
     *
     * @throws io.oncemq.ConnectionException if the broker does not answer
     */
    default boolean hasPosition(String destination, String group) {
        return false;
    }

    /** Prepares a source; nothing is received before {@link MessageSource#start}. */
    MessageSource openSource(SourceSpec spec, SourceListener listener);

    /** Closes what is left open; blocks for at most a few seconds. Idempotent. */
    @Override
    void close();
}
