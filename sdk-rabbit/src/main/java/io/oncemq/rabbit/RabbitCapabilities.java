package io.oncemq.rabbit;

import io.oncemq.Capabilities;
import io.oncemq.Capabilities.Level;
import io.oncemq.Feature;

/** What this adapter has of its broker, by the version of the server. */
final class RabbitCapabilities {
    private RabbitCapabilities() {}

    /** @param since4 whether the server is of version 4.0 or newer */
    static Capabilities of(boolean since4) {
        return Capabilities.of("rabbitmq")
                .with(Feature.PUBLISHER_CONFIRMS, Level.NATIVE, "confirms of every queue; about 1,000 open at a time")
                .with(Feature.MANUAL_ACKNOWLEDGEMENT, Level.NATIVE, "one by one, several where all before are settled")
                .with(
                        Feature.ORDER_PER_KEY,
                        Level.EMULATED,
                        "a queue per shard with a single active consumer; one unconfirmed message per key")
                .with(Feature.CONSUMER_GROUPS, Level.EMULATED, "queues per group, which must exist before the message")
                .with(
                        Feature.DEAD_LETTER,
                        Level.EMULATED,
                        "a destination per group, published before the acknowledgement")
                .with(Feature.RETRY_IN_ORDER, Level.EMULATED, "the key waits in its lane, within its shard's prefetch")
                .with(
                        Feature.BLOCK_ON_EXHAUSTED,
                        Level.EMULATED,
                        "the message stays unacknowledged, taken back and fetched again before the consumer timeout")
                .with(Feature.QUARANTINE, Level.EMULATED, "needs an idempotency store")
                .with(Feature.TLS, Level.NATIVE, "Rabbit.tls")
                .with(
                        Feature.FILTER,
                        Level.UNSUPPORTED,
                        "a queue is read whole; let the handler pass over what it does not want")
                .with(Feature.FIND, Level.UNSUPPORTED, "a queue has no index of its messages")
                .with(Feature.TENANCY, Level.NATIVE, "virtual hosts, whose names also keep claims apart")
                .with(Feature.START_POSITION, Level.UNSUPPORTED, "a group begins when it is ensured")
                .with(Feature.PARK_KEY, Level.UNSUPPORTED, "not in this version")
                .with(
                        Feature.REPLAY,
                        Level.EMULATED,
                        "a stream per shard, ensured by DestinationSpec.history; read from the start again after a crash")
                .with(
                        Feature.BROADCAST,
                        Level.EMULATED,
                        "queues per instance, each with a copy of every message; they expire while no consumer reads them")
                .with(
                        Feature.DELAYED_DELIVERY,
                        Level.EMULATED,
                        "a quorum queue per delay that DestinationSpec.delays declares; a delayed message is written twice")
                .with(
                        Feature.PRIORITY,
                        since4 ? Level.NATIVE : Level.UNSUPPORTED,
                        since4
                                ? "two steps: of those above 4 two go before each other one; not with a key"
                                : "quorum queues have none before RabbitMQ 4.0")
                .with(
                        Feature.MESSAGE_TTL,
                        Level.NATIVE,
                        "moved to the dead letters when all before it in its queue are gone; not with a delay")
                .build();
    }
}
