package io.oncemq.micrometer;

import static io.oncemq.micrometer.MessagingKey.DESTINATION;
import static io.oncemq.micrometer.MessagingKey.ERROR_TYPE;
import static io.oncemq.micrometer.MessagingKey.GROUP;
import static io.oncemq.micrometer.MessagingKey.KIND;
import static io.oncemq.micrometer.MessagingKey.OPERATION_NAME;
import static io.oncemq.micrometer.MessagingKey.OPERATION_TYPE;
import static io.oncemq.micrometer.MessagingKey.OUTCOME;
import static io.oncemq.micrometer.MessagingKey.PARTITION;
import static io.oncemq.micrometer.MessagingKey.REASON;
import static io.oncemq.micrometer.MessagingKey.STATE;
import static io.oncemq.micrometer.MessagingKey.SYSTEM;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** Every meter of {@link OnceMqMetrics}, with its type, its unit, what it means and its tags. docs/observability.md lists the same. */
public enum OnceMqMeter implements MeterDocumentation {
    SENT_MESSAGES(
            "messaging.client.sent.messages",
            Meter.Type.COUNTER,
            "messages",
            "Messages that were handed to the broker, with any outcome",
            SYSTEM,
            OPERATION_NAME,
            DESTINATION,
            ERROR_TYPE),
    OPERATION_DURATION(
            "messaging.client.operation.duration",
            Meter.Type.TIMER,
            null,
            "From publish to its outcome, waiting for room and for the broker included",
            SYSTEM,
            OPERATION_NAME,
            OPERATION_TYPE,
            DESTINATION,
            ERROR_TYPE),
    CONSUMED_MESSAGES(
            "messaging.client.consumed.messages",
            Meter.Type.COUNTER,
            "messages",
            "Messages that were handed to a handler, each attempt counted",
            SYSTEM,
            OPERATION_NAME,
            DESTINATION,
            GROUP),
    PROCESS_DURATION(
            "messaging.process.duration",
            Meter.Type.TIMER,
            null,
            "One attempt of a handler, until it returns or its stage completes",
            SYSTEM,
            OPERATION_NAME,
            DESTINATION,
            GROUP,
            ERROR_TYPE),
    PUBLISHED(
            "oncemq.published",
            Meter.Type.COUNTER,
            "messages",
            "Publishes by outcome: confirmed, rejected, unknown, or failed before they were taken",
            SYSTEM,
            DESTINATION,
            OUTCOME),
    PUBLISH_IN_FLIGHT(
            "oncemq.publish.in.flight",
            Meter.Type.GAUGE,
            "messages",
            "Publishes without an outcome so far",
            SYSTEM,
            DESTINATION),
    PUBLISH_SUSPENDED(
            "oncemq.publish.suspended",
            Meter.Type.GAUGE,
            null,
            "1 while publishing is suspended after failures, and messages wait until their deadline",
            SYSTEM,
            DESTINATION),
    PUBLISH_BLOCKED(
            "oncemq.publish.blocked",
            Meter.Type.GAUGE,
            null,
            "1 while the broker takes no messages for a reason of its own, as RabbitMQ does during a memory or disk alarm",
            SYSTEM),
    PUBLISH_HELD(
            "oncemq.publish.held",
            Meter.Type.GAUGE,
            null,
            "1 while messages with a key wait because the number of partitions has changed",
            SYSTEM,
            DESTINATION),
    BLOCKED_KEYS(
            "oncemq.publish.blocked.keys",
            Meter.Type.GAUGE,
            "keys",
            "Keys that take no message because an earlier one has an unknown outcome",
            SYSTEM,
            DESTINATION),
    SESSIONS_REPLACED(
            "oncemq.publish.sessions.replaced",
            Meter.Type.COUNTER,
            null,
            "Publishing clients that were replaced by a new one",
            SYSTEM),
    RESENT(
            "oncemq.publish.resent",
            Meter.Type.COUNTER,
            "messages",
            "Messages that were sent again with the same ids by a new publishing client",
            SYSTEM),
    SENDS_BLOCKED(
            "oncemq.publish.sends.blocked",
            Meter.Type.COUNTER,
            null,
            "Times that the broker's client blocked in a send for a second or more, while this client sent nothing else",
            SYSTEM,
            DESTINATION),
    COMPLETIONS_BLOCKED(
            "oncemq.publish.completions.blocked",
            Meter.Type.COUNTER,
            null,
            "Times that a continuation blocked the thread that completes all futures of a client",
            SYSTEM),
    DELIVERIES(
            "oncemq.deliveries",
            Meter.Type.COUNTER,
            "messages",
            "What became of messages: processed, duplicate, id_reused, retried (once per attempt that failed),"
                    + " dead_lettered",
            SYSTEM,
            DESTINATION,
            GROUP,
            OUTCOME),
    DEAD_LETTERS(
            "oncemq.dead.letters",
            Meter.Type.COUNTER,
            "messages",
            "Messages that the dead-letter destination has confirmed, by the reason",
            SYSTEM,
            DESTINATION,
            GROUP,
            REASON),
    DEAD_LETTERS_DELAYED(
            "oncemq.dead.letters.delayed",
            Meter.Type.COUNTER,
            null,
            "Times that the dead-letter destination did not take a message; its key is held",
            SYSTEM,
            DESTINATION,
            GROUP),
    DEAD_LETTERS_TOO_LARGE(
            "oncemq.dead.letters.too.large",
            Meter.Type.COUNTER,
            "messages",
            "Messages that the dead-letter destination refuses because of their size, by what becomes of them: hold or stub",
            SYSTEM,
            DESTINATION,
            GROUP,
            KIND),
    COMPLETION_ALERTS(
            "oncemq.completion.alerts",
            Meter.Type.COUNTER,
            "messages",
            "Effects that were completed after their lease: late, or stolen by another owner",
            SYSTEM,
            DESTINATION,
            GROUP,
            KIND),
    HANDLER_OVERRUNS(
            "oncemq.handler.overruns",
            Meter.Type.COUNTER,
            "messages",
            "Handlers that ran for longer than handlerTimeout",
            SYSTEM,
            DESTINATION,
            GROUP),
    DELIVERIES_IN_FLIGHT(
            "oncemq.deliveries.in.flight",
            Meter.Type.GAUGE,
            "messages",
            "Messages received and not settled",
            SYSTEM,
            DESTINATION,
            GROUP),
    LANES(
            "oncemq.lanes",
            Meter.Type.GAUGE,
            null,
            "Keys that have messages in flight, each of them a lane of its own",
            SYSTEM,
            DESTINATION,
            GROUP),
    LAG(
            "oncemq.lag",
            Meter.Type.GAUGE,
            "messages",
            "What the broker holds for the group, whichever process reads it",
            SYSTEM,
            DESTINATION,
            GROUP),
    SHARD_LAG(
            "oncemq.shard.lag",
            Meter.Type.GAUGE,
            "messages",
            "The same of one shard",
            SYSTEM,
            DESTINATION,
            GROUP,
            PARTITION),
    SHARD_POSITION(
            "oncemq.shard.position",
            Meter.Type.GAUGE,
            null,
            "The next offset of the group in one shard, where the broker numbers messages",
            SYSTEM,
            DESTINATION,
            GROUP,
            PARTITION),
    HANDLERS_RUNNING(
            "oncemq.handlers.running",
            Meter.Type.GAUGE,
            null,
            "Handlers, or stages of asynchronous ones, that run now",
            SYSTEM,
            DESTINATION,
            GROUP),
    SHARDS(
            "oncemq.shards",
            Meter.Type.GAUGE,
            null,
            "Partitions, queues or shards that this process owns",
            SYSTEM,
            DESTINATION,
            GROUP),
    PARTITIONS_LOST(
            "oncemq.partitions.lost",
            Meter.Type.COUNTER,
            null,
            "Partitions that were lost without a drain",
            SYSTEM,
            DESTINATION,
            GROUP),
    POSITIONS_LOST(
            "oncemq.positions.lost",
            Meter.Type.COUNTER,
            null,
            "Positions that no longer existed on the broker",
            SYSTEM,
            DESTINATION,
            GROUP),
    DESTINATIONS_RECREATED(
            "oncemq.destinations.recreated",
            Meter.Type.COUNTER,
            null,
            "Times that the destination was deleted and created again",
            SYSTEM,
            DESTINATION,
            GROUP),
    CLUSTERS_SUSPECTED(
            "oncemq.clusters.suspected",
            Meter.Type.COUNTER,
            null,
            "Starts of a subscription at addresses that may belong to another cluster, whose equal ids would be suppressed",
            SYSTEM,
            DESTINATION,
            GROUP),
    SOURCE_INTERRUPTED(
            "oncemq.source.interrupted",
            Meter.Type.GAUGE,
            null,
            "Partitions that receive nothing because of an error; a whole subscription counts as one",
            SYSTEM,
            DESTINATION,
            GROUP),
    SOURCE_INTERRUPTIONS(
            "oncemq.source.interruptions",
            Meter.Type.COUNTER,
            null,
            "Times that a partition, or all of a subscription, began to receive nothing because of an error",
            SYSTEM,
            DESTINATION,
            GROUP),
    SOURCE_OUTAGE(
            "oncemq.source.outage",
            Meter.Type.TIMER,
            null,
            "Interruptions of partitions and subscriptions that are over",
            SYSTEM,
            DESTINATION,
            GROUP),
    STORE_AVAILABLE(
            "oncemq.store.available",
            Meter.Type.GAUGE,
            null,
            "0 while the idempotency store does not answer and consumption waits for it",
            SYSTEM,
            DESTINATION,
            GROUP),
    STORE_OUTAGE(
            "oncemq.store.outage",
            Meter.Type.TIMER,
            null,
            "Outages of the store that are over",
            SYSTEM,
            DESTINATION,
            GROUP),
    STORE_DATA_LOST(
            "oncemq.store.data.lost",
            Meter.Type.COUNTER,
            null,
            "Times that the store had lost data",
            SYSTEM,
            DESTINATION,
            GROUP),
    ACCESS_REFUSED(
            "oncemq.access.refused",
            Meter.Type.GAUGE,
            null,
            "1 while the broker refuses the credentials or rights of a running subscription",
            SYSTEM,
            DESTINATION,
            GROUP),
    SUBSCRIPTIONS(
            "oncemq.subscriptions",
            Meter.Type.GAUGE,
            null,
            "Subscriptions of this process that run or are paused",
            SYSTEM,
            DESTINATION,
            GROUP,
            STATE),
    SUBSCRIPTIONS_FAILED(
            "oncemq.subscriptions.failed",
            Meter.Type.COUNTER,
            null,
            "Subscriptions that stopped by themselves",
            SYSTEM,
            DESTINATION,
            GROUP),
    SUBSCRIPTIONS_RESTARTED(
            "oncemq.subscriptions.restarted",
            Meter.Type.COUNTER,
            null,
            "Failed subscriptions that were started again",
            SYSTEM,
            DESTINATION,
            GROUP);

    private final String name;
    private final Meter.Type type;
    private final @Nullable String unit;
    private final String meaning;
    private final MessagingKey[] keys;

    OnceMqMeter(String name, Meter.Type type, @Nullable String unit, String meaning, MessagingKey... keys) {
        this.name = name;
        this.type = type;
        this.unit = unit;
        this.meaning = meaning;
        this.keys = keys;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    /** Null for what is a number of times, and for timers, whose unit is the registry's. */
    @Override
    public @Nullable String getBaseUnit() {
        return unit;
    }

    /** What the meter counts or measures. */
    public String meaning() {
        return meaning;
    }

    @Override
    public KeyName[] getKeyNames() {
        return keys.clone();
    }

    /** Without the copy. */
    MessagingKey key(int index) {
        return keys[index];
    }
}
