package io.oncemq.rocket;

import io.oncemq.Capabilities;
import io.oncemq.Capabilities.Level;
import io.oncemq.Feature;

/** What RocketMQ offers by this adapter. */
final class RocketCapabilities {
    static final Capabilities ALL = all();

    private RocketCapabilities() {}

    private static Capabilities all() {
        return Capabilities.of("rocketmq")
                .with(Feature.PUBLISHER_CONFIRMS, Level.NATIVE, "SEND_OK; any other status is an unknown outcome")
                .with(Feature.MANUAL_ACKNOWLEDGEMENT, Level.NATIVE, "offsets, committed contiguously")
                .with(Feature.ORDER_PER_KEY, Level.NATIVE, "per queue, one send of a key at a time")
                .with(
                        Feature.CONSUMER_GROUPS,
                        Level.NATIVE,
                        "members share queues, each under a lock at its broker; a dead member's wait until its locks"
                                + " expire")
                .with(Feature.DEAD_LETTER, Level.EMULATED, "a topic per group, published before the commit")
                .with(Feature.RETRY_IN_ORDER, Level.EMULATED, "the key waits in its lane; its queue's commit waits too")
                .with(Feature.BLOCK_ON_EXHAUSTED, Level.NATIVE, "the log keeps the message and all later ones")
                .with(Feature.START_POSITION, Level.NATIVE, "latest, or an instant, where the group has no offset yet")
                .with(Feature.QUARANTINE, Level.EMULATED, "needs an idempotency store")
                .with(Feature.REPLAY, Level.NATIVE, "what the topic still has, by a consumer group of the replay's own")
                .with(Feature.BROADCAST, Level.EMULATED, "a consumer group per instance")
                .with(Feature.TLS, Level.NATIVE, "Rocket.tls, without a check of host names")
                .with(Feature.TENANCY, Level.NATIVE, "Rocket.namespace, which also keeps claims apart")
                .with(Feature.FILTER, Level.NATIVE, "types as tags; SQL92 over headers where enablePropertyFilter=true")
                .with(Feature.FIND, Level.NATIVE, "ids and keys without white space; 64 of each broker at most")
                .with(Feature.PARK_KEY, Level.UNSUPPORTED, "not in this version")
                .with(
                        Feature.DELAYED_DELIVERY,
                        Level.NATIVE,
                        "timer messages, 3 days at most unless the broker is set otherwise; only its levels where its"
                                + " timer is off")
                .with(Feature.PRIORITY, Level.UNSUPPORTED, "a log has no priorities")
                .with(Feature.MESSAGE_TTL, Level.UNSUPPORTED, "retention is the broker's")
                .build();
    }
}
