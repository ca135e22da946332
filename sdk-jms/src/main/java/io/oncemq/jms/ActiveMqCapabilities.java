package io.oncemq.jms;

import io.oncemq.Capabilities;
import io.oncemq.Capabilities.Level;
import io.oncemq.Feature;

/** What this adapter has of ActiveMQ Classic. */
final class ActiveMqCapabilities {
    private ActiveMqCapabilities() {}

    /** @param scheduler whether the broker keeps a delay */
    static Capabilities of(boolean scheduler) {
        return Capabilities.of("activemq")
                .with(Feature.PUBLISHER_CONFIRMS, Level.NATIVE, "each send is answered when every queue has it")
                .with(Feature.MANUAL_ACKNOWLEDGEMENT, Level.NATIVE, "one by one")
                .with(
                        Feature.ORDER_PER_KEY,
                        Level.NATIVE,
                        "an exclusive consumer per shard; one unconfirmed message per key")
                .with(Feature.CONSUMER_GROUPS, Level.NATIVE, "virtual topics, with queues per group that are ensured")
                .with(
                        Feature.DEAD_LETTER,
                        Level.EMULATED,
                        "a destination per group, published before the acknowledgement")
                .with(Feature.RETRY_IN_ORDER, Level.EMULATED, "the key waits in its lane")
                .with(Feature.BLOCK_ON_EXHAUSTED, Level.EMULATED, "the message stays unacknowledged")
                .with(Feature.QUARANTINE, Level.EMULATED, "needs an idempotency store")
                .with(
                        Feature.DELAYED_DELIVERY,
                        scheduler ? Level.NATIVE : Level.UNSUPPORTED,
                        scheduler ? "by the broker's scheduler" : "the broker has no scheduler: set schedulerSupport")
                .with(
                        Feature.PRIORITY,
                        Level.NATIVE,
                        "ten steps where the queues have prioritizedMessages; not with a key")
                .with(Feature.START_POSITION, Level.UNSUPPORTED, "a group begins when it is ensured")
                .with(Feature.REPLAY, Level.UNSUPPORTED, "a queue keeps nothing that was acknowledged")
                .with(
                        Feature.BROADCAST,
                        Level.UNSUPPORTED,
                        "the broker keeps the queues of an instance that never comes back; ensure a group per instance")
                .with(
                        Feature.MESSAGE_TTL,
                        Level.EMULATED,
                        "moved to the dead letters when a consumer fetches it after its time; by the clocks of the clients")
                .with(Feature.TLS, Level.NATIVE, "ActiveMq.tls; login with or without")
                .with(
                        Feature.FILTER,
                        Level.EMULATED,
                        "ensured with the group; members receive all messages and acknowledge those that the filter excludes")
                .with(Feature.FIND, Level.UNSUPPORTED, "a queue has no index of its messages")
                .with(Feature.TENANCY, Level.UNSUPPORTED, "a broker has one space of names; use prefixes")
                .with(Feature.PARK_KEY, Level.UNSUPPORTED, "not in this version")
                .build();
    }
}
