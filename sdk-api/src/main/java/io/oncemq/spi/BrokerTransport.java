package io.oncemq.spi;

import io.oncemq.Capabilities;
import io.oncemq.DestinationSpec;

/**
 * One broker as the engine sees it. It translates messages, exceptions, settlements and threading, and decides nothing: no
 * retry, no dead letter, no deduplication. Thread-safe.
 */
public interface BrokerTransport extends AutoCloseable {
    Capabilities capabilities();

    /** What stands before a CloudEvents attribute's name in a header on this broker, such as {@code ce_}. */
    String cloudEventsPrefix();

    /**
     * Creates the destination (the one named only, not its dead letters) where it is missing and waits until every partition
     * has a leader that answers. Blocks.
     *
     * @throws io.oncemq.ConfigurationException if it exists with other partitions
     * @throws io.oncemq.ConnectionException if the broker does not answer; it may exist then
     */
    void ensure(DestinationSpec destination);

    /** Whether the destination exists. Blocks. @throws io.oncemq.ConnectionException if the broker does not answer */
    boolean exists(String destination);

    /** How sends of one session relate; see {@link PublishOrder}. */
    PublishOrder publishOrder();

    /**
     * Opens a session: one generation of a producing client. May block for a connection.
     *
     * @throws io.oncemq.ConnectionException if the broker cannot be reached
     */
    PublishSession openPublishSession(PublishListener listener);

    /** Prepares a source; nothing is received before {@link MessageSource#start}. */
    MessageSource openSource(SourceSpec spec, SourceListener listener);

    /** Closes what is left open; blocks for at most a few seconds. Idempotent. */
    @Override
    void close();
}
