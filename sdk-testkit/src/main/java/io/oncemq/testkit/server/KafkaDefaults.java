package io.oncemq.testkit.server;

import java.util.Map;
import java.util.TreeMap;

/** Broker settings for tests: small internal topics, no waiting for group members, quick detection of a dead node. */
final class KafkaDefaults {
    static final String PROTOCOLS = "CLIENT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT";

    private KafkaDefaults() {}

    /** @param again whether the cluster has been started before */
    static Map<String, String> config(int nodes, String voters, boolean again) {
        String replicas = Integer.toString(nodes);
        String inSync = nodes == 1 ? "1" : "2";
        Map<String, String> config = new TreeMap<>();
        config.put("process.roles", "broker,controller");
        config.put("controller.quorum.voters", voters);
        config.put("controller.listener.names", "CONTROLLER");
        config.put("inter.broker.listener.name", "BROKER");
        config.put("listener.security.protocol.map", PROTOCOLS);
        config.put("auto.create.topics.enable", "false");
        config.put("default.replication.factor", replicas);
        config.put("min.insync.replicas", inSync);
        config.put("offsets.topic.num.partitions", "4");
        config.put("offsets.topic.replication.factor", replicas);
        config.put("transaction.state.log.num.partitions", "4");
        config.put("transaction.state.log.replication.factor", replicas);
        config.put("transaction.state.log.min.isr", inSync);
        config.put("share.coordinator.state.topic.num.partitions", "4");
        config.put("share.coordinator.state.topic.replication.factor", replicas);
        config.put("share.coordinator.state.topic.min.isr", inSync);
        config.put("group.initial.rebalance.delay.ms", "0");
        // Lower bounds only: a test that wants a dead member noticed soon may ask for it in either group protocol.
        config.put("group.min.session.timeout.ms", "1000");
        config.put("group.consumer.min.session.timeout.ms", "1000");
        config.put("group.consumer.min.heartbeat.interval.ms", "100");
        // With the consumer protocol a member hears of a rebalance with its next heartbeat only: 5 s by default.
        config.put("group.consumer.heartbeat.interval.ms", "300");
        config.put("log.cleaner.dedupe.buffer.size", "8388608");
        // A killed node is fenced, and may register again, only after its session. Where none can have been killed it
        // has the default of 9 s: a loaded machine can keep a sound node from its heartbeats for a second.
        config.put("broker.session.timeout.ms", nodes > 1 || again ? "1000" : "9000");
        config.put("broker.heartbeat.interval.ms", "200");
        return config;
    }
}
