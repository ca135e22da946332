package io.oncemq.testkit.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One broker of a {@link RocketServer} and its ports. Not thread-safe; its server locks. */
final class RocketBroker {
    private static final String PERMISSION = "brokerPermission";
    private static final String READ = "4";
    private static final String READ_AND_WRITE = "6";
    private static final long ASK_AGAIN_NANOS = 200_000_000;
    /** RocketMQ takes it for its second listener and offers no setting. */
    private static final int FAST_PORT_BELOW = 2;

    private final String name;
    private final RocketProcess process;
    private final RocketSecurity security;
    private final int fastPort = FreePorts.reservePair(FAST_PORT_BELOW);
    private final int port = fastPort + FAST_PORT_BELOW;
    private final int replicationPort = FreePorts.reserve();
    private final Map<String, String> config;
    private String advertised = "127.0.0.1:" + port;

    RocketBroker(
            String name,
            Path folder,
            List<String> jvm,
            List<Path> classPath,
            Map<String, String> overrides,
            RocketSecurity security) {
        this.name = name;
        this.security = security;
        process = new RocketProcess("RocketMQ " + name, folder, jvm, classPath);
        config = new TreeMap<>(RocketDefaults.broker(process.data()));
        config.putAll(security.broker());
        config.putAll(overrides);
        config.put("brokerName", name);
        config.put("listenPort", Integer.toString(port));
        config.put("haListenPort", Integer.toString(replicationPort));
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    String advertised() {
        return advertised;
    }

    void advertise(String host, int newPort) {
        advertised = host + ":" + newPort;
    }

    RocketProcess process() {
        return process;
    }

    void launch(String cluster, String nameServer) {
        config.put("brokerClusterName", cluster);
        config.put("namesrvAddr", nameServer);
        process.launch(
                config,
                RocketBrokerMain.class.getName(),
                process.configuration().toString(),
                advertised);
    }

    /** Waits until it answers, and then until it is registered; it is made to register, since it may take its time by itself. */
    void awaitReady(BooleanSupplier registered) {
        process.await(() -> !ask(RocketTalk.GET_BROKER_CONFIG, Map.of(), "").isEmpty());
        process.await(() -> {
            if (registered.getAsBoolean()) {
                return true;
            }
            register();
            LockSupport.parkNanos(ASK_AGAIN_NANOS);
            return registered.getAsBoolean();
        });
    }

    private void register() {
        configure(PERMISSION, config.getOrDefault(PERMISSION, READ_AND_WRITE));
    }

    void readOnly(boolean value) {
        configure(PERMISSION, value ? READ : READ_AND_WRITE);
    }

    /** Changes a setting now and for later starts. */
    void configure(String key, String value) {
        ask(RocketTalk.UPDATE_BROKER_CONFIG, Map.of(), key + "=" + value + "\n");
        config.put(key, value);
    }

    void createTopic(String topic, int queues, String type) {
        ask(
                RocketTalk.CREATE_TOPIC,
                Map.of(
                        "topic",
                        topic,
                        "defaultTopic",
                        "TBW102",
                        "readQueueNums",
                        Integer.toString(queues),
                        "writeQueueNums",
                        Integer.toString(queues),
                        "perm",
                        READ_AND_WRITE,
                        "topicFilterType",
                        "SINGLE_TAG",
                        "topicSysFlag",
                        "0",
                        "order",
                        "false",
                        "attributes",
                        "+message.type=" + type),
                "");
    }

    String ask(int request, Map<String, String> fields, String body) {
        return RocketTalk.ask(security, port, request, fields, body);
    }

    void release() {
        FreePorts.release(fastPort);
        FreePorts.release(port);
        FreePorts.release(replicationPort);
    }

    /** The ids of a group's members, as they are listed; empty if it knows none. */
    List<String> members(String group) {
        String answer;
        try {
            answer = ask(RocketTalk.MEMBERS, Map.of("consumerGroup", group), "");
        } catch (ServerException none) {
            return List.of();
        }
        String ids = answer.substring(answer.indexOf('[') + 1, answer.lastIndexOf(']'));
        return ids.isEmpty() ? List.of() : List.of(ids.replace("\"", "").split(","));
    }
}
