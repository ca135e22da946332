package io.oncemq.jms;

import io.oncemq.Capabilities;
import io.oncemq.Capabilities.Level;
import io.oncemq.Feature;

/** What this adapter has of Artemis. */
final class ArtemisCapabilities {
    static final Capabilities ALL = Capabilities.of("activemq")
            .with(Feature.PUBLISHER_CONFIRMS, Level.NATIVE, "each send is answered when the journal has it")
            .with(Feature.MANUAL_ACKNOWLEDGEMENT, Level.NATIVE, "one by one")
            .with(Feature.ORDER_PER_KEY, Level.NATIVE, "an exclusive queue per shard; one unconfirmed message per key")
            .with(Feature.CONSUMER_GROUPS, Level.NATIVE, "queues per group, which must exist before the message")
            .with(Feature.DEAD_LETTER, Level.EMULATED, "a destination per group, published before the acknowledgement")
            .with(Feature.RETRY_IN_ORDER, Level.EMULATED, "the key waits in its lane")
            .with(Feature.BLOCK_ON_EXHAUSTED, Level.EMULATED, "the message stays unacknowledged")
            .with(Feature.QUARANTINE, Level.EMULATED, "needs an idempotency store")
            .with(Feature.DELAYED_DELIVERY, Level.NATIVE, "scheduled, until a time by the publisher's clock")
            .with(Feature.PRIORITY, Level.NATIVE, "ten steps; not with a key")
            .with(Feature.START_POSITION, Level.UNSUPPORTED, "a group begins when it is ensured")
            .with(Feature.REPLAY, Level.UNSUPPORTED, "a queue keeps nothing that was acknowledged")
            .with(
                    Feature.BROADCAST,
                    Level.UNSUPPORTED,
                    "each restart of the broker drops the queues of an instance; ensure a group per instance")
            .with(
                    Feature.MESSAGE_TTL,
                    Level.EMULATED,
                    "moved to the dead letters when a consumer fetches it after its time; by the clocks of the clients")
            .with(Feature.TLS, Level.NATIVE, "Artemis.tls; login with or without")
            .with(Feature.FILTER, Level.NATIVE, "filters of the group's queues, which are ensured with it")
            .with(Feature.FIND, Level.UNSUPPORTED, "a queue has no index of its messages")
            .with(Feature.TENANCY, Level.UNSUPPORTED, "a broker has one space of names; use prefixes")
            .with(Feature.PARK_KEY, Level.UNSUPPORTED, "not in this version")
            .build();

    private ArtemisCapabilities() {}
}
