package io.oncemq.it.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DeadLetterPolicy.OnExhausted;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.Finding.Severity;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEvent.PreflightFindings;
import io.oncemq.OutboundMessage;
import io.oncemq.PreflightException;
import io.oncemq.kafka.Kafka;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** P4, D7: profile DURABLE on three Kafka nodes and a Redis that flushes always; one test for each setting gone wrong. */
class PreflightIT {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String UNCLEAN = "unclean.leader.election.enable";
    private static final Map<String, String> DURABLE = Map.of("min.insync.replicas", "2");

    private static KafkaServer kafka;
    private static RedisServer redis;
    private static Admin admin;
    private static Nodes nodes;

    private final List<Finding> told = new CopyOnWriteArrayList<>();

    /**
     * The brokers' own defaults are weak: what is right here was set for the topic. No node is killed, so none may be missed for
     * a while because the machine is busy: the fixture's session of one second would make that a finding.
     */
    @BeforeAll
    static void start() {
        redis = RedisServer.builder().appendFsync(RedisServer.Fsync.ALWAYS).build();
        redis.start();
        kafka = KafkaServer.builder()
                .nodes(3)
                .config("default.replication.factor", 1)
                .config("min.insync.replicas", 1)
                .config("broker.session.timeout.ms", 60_000)
                .build();
        kafka.start();
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
        nodes = new Nodes(admin);
        for (String node : kafka.bootstrap().split(",")) {
            awaitThreeNodesSeenBy(node);
        }
    }

    /** A node is ready when it may serve, which it hears sooner than the others do. */
    private static void awaitThreeNodesSeenBy(String node) {
        try (Admin one = Admin.create(Map.of("bootstrap.servers", node))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> one.describeCluster().nodes().get().size() == 3);
        }
    }

    @AfterAll
    static void stop() {
        if (admin != null) {
            admin.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        redis.close();
    }

    @Test
    void durableServersCarryMessagesWithoutAFinding() {
        String orders = NAMES.incrementAndGet() + "-orders";
        List<String> handled = new CopyOnWriteArrayList<>();
        try (MessagingClient client = durable().build()) {
            client.ensure(DestinationSpec.builder(orders)
                    .partitions(3)
                    .group("billing")
                    .build());
            client.subscription(orders, Codecs.string())
                    .group("billing")
                    .handler(delivery -> handled.add(delivery.id()))
                    .start();
            client.publisher(orders, Codecs.string())
                    .publish(OutboundMessage.of("x").id("e1").key("a"))
                    .join();
            client.publisher(orders, Codecs.string())
                    .publish(OutboundMessage.of("x").id("e2").key("b"))
                    .join();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(handled).containsExactlyInAnyOrder("e1", "e2"));
        }
        assertThat(told).isEmpty();
    }

    @Nested
    class OnKafka {
        @Test
        void fewerThanThreeReplicas() throws Exception {
            refusesToPublishTo(topic(2, DURABLE), "replication.factor", "2");
        }

        @Test
        void oneReplicaInSyncIsEnoughForAConfirm() throws Exception {
            refusesToPublishTo(topic(3, Map.of()), "min.insync.replicas", "1");
        }

        @Test
        void moreReplicasInSyncThanThereAre() throws Exception {
            refusesToPublishTo(topic(3, Map.of("min.insync.replicas", "4")), "min.insync.replicas", "4");
        }

        @Test
        void uncleanLeaderElectionOfTheTopic() throws Exception {
            Map<String, String> unclean = new HashMap<>(DURABLE);
            unclean.put("unclean.leader.election.enable", "true");
            refusesToPublishTo(topic(3, unclean), "unclean.leader.election.enable", "true");
        }

        @Test
        void uncleanLeaderElectionByTheBrokersDynamicDefault() throws Exception {
            String topic = topic(3, DURABLE);
            nodes.setByDefault(UNCLEAN, "true");
            try {
                refusesToPublishTo(topic, "unclean.leader.election.enable", "true");
            } finally {
                nodes.setByDefault(UNCLEAN, null);
            }
        }

        @Test
        void topicThatItsFirstMessageWouldCreate() {
            refusesToPublishTo("preflight-never-created", "destination", "does not exist");
        }

        @Test
        void everythingIsNamedAtOnce() throws Exception {
            String topic = topic(1, Map.of("unclean.leader.election.enable", "true"));
            try (MessagingClient client = durable().build()) {
                PreflightException refusal = Refused.by(() -> client.publisher(topic, Codecs.string()));
                assertThat(Refused.settings(refusal.findings(), Severity.VIOLATION))
                        .containsExactly(
                                tuple("replication.factor", "1"),
                                tuple("min.insync.replicas", "1"),
                                tuple("unclean.leader.election.enable", "true"));
            }
        }

        /** With block() too, since a dead letter that was begun before is still finished there. */
        @ParameterizedTest
        @EnumSource(names = {"DEAD_LETTER", "BLOCK"})
        void weakDeadLetterDestinationRefusesTheSubscription(OnExhausted onExhausted) throws Exception {
            String topic = topic(3, DURABLE);
            nodes.create(topic + ".billing.dlq", 3, Map.of());
            try (MessagingClient client = durable().build()) {
                Refused.onlyFor(
                        "min.insync.replicas",
                        "1",
                        () -> client.subscription(topic, Codecs.string())
                                .group("billing")
                                .deadLetter(DeadLetterPolicy.builder()
                                        .onExhausted(onExhausted)
                                        .build())
                                .handler(delivery -> {})
                                .start());
            }
        }

        @Test
        void asManyInSyncAsReplicasIsAdviceOnly() throws Exception {
            String topic = topic(3, Map.of("min.insync.replicas", "3"));
            try (MessagingClient client = durable().build()) {
                client.publisher(topic, Codecs.string());
            }
            assertThat(Refused.settings(told, Severity.ADVICE)).containsExactly(tuple("min.insync.replicas", "3"));
        }

        @Test
        void retentionBeyondTheStoresMemoryIsAdviceOnly() throws Exception {
            Map<String, String> long14Days = new HashMap<>(DURABLE);
            long14Days.put("retention.ms", Long.toString(Duration.ofDays(14).toMillis()));
            String topic = topic(3, long14Days);
            Map<String, String> letters = new HashMap<>(DURABLE);
            letters.put("max.message.bytes", "2000000");
            nodes.create(topic + ".billing.dlq", 3, letters);
            try (MessagingClient client = durable().build()) {
                client.subscription(topic, Codecs.string())
                        .group("billing")
                        .handler(delivery -> {})
                        .start();
            }
            assertThat(Refused.settings(told, Severity.ADVICE)).containsExactly(tuple("rememberFor", "PT168H"));
        }

        @Test
        void ensureRaisesWhatTheBrokersWouldMakeTooWeak() throws Exception {
            String topic = NAMES.incrementAndGet() + "-ensured";
            try (MessagingClient client = durable().build()) {
                client.ensure(DestinationSpec.builder(topic).group("billing").build());
                client.publisher(topic, Codecs.string());
                client.publisher(topic + ".billing.dlq", Codecs.string());
            }
            // Another broker than the one that the client asked may not have heard of it yet.
            Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
                TopicDescription created = admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get()
                        .get(topic);
                assertThat(created.partitions().get(0).replicas()).hasSize(3);
            });
            assertThat(told).isEmpty();
        }

        @Test
        void ensureCreatesNothingThatWasAskedForTooWeak() throws Exception {
            String topic = NAMES.incrementAndGet() + "-ensured";
            try (MessagingClient client = durable().build()) {
                Refused.onlyFor(
                        "replication.factor",
                        "1",
                        () -> client.ensure(DestinationSpec.builder(topic)
                                .replicas(1)
                                .setting("min.insync.replicas", "2")
                                .build()));
            }
            assertThat(admin.listTopics().names().get()).doesNotContain(topic);
        }

        private void refusesToPublishTo(String topic, String setting, String value) {
            try (MessagingClient client = durable().build()) {
                Refused.onlyFor(setting, value, () -> client.publisher(topic, Codecs.string()));
            }
        }
    }

    @Nested
    class OnRedis {
        @Test
        void evictionWhenMemoryIsFull() {
            with(
                    Map.of("maxmemory", "100mb", "maxmemory-policy", "allkeys-lru"),
                    () -> Refused.onlyFor(
                            "maxmemory-policy", "allkeys-lru", () -> durable().build()));
        }

        @Test
        void evictionThatNeverAppliesIsNoFinding() {
            with(
                    Map.of("maxmemory-policy", "allkeys-lru"),
                    () -> durable().build().close());
            assertThat(told).isEmpty();
        }

        @Test
        void withoutAppendOnlyFile() {
            with(
                    Map.of("appendonly", "no"),
                    () -> Refused.onlyFor("appendonly", "no", () -> durable().build()));
        }

        @Test
        void flushEverySecondUnlessThatLossIsDeclared() {
            with(Map.of("appendfsync", "everysec"), () -> {
                Refused.onlyFor("appendfsync", "everysec", () -> durable().build());
                durable(store().acceptLossOf(Duration.ofSeconds(1))).build().close();
            });
            assertThat(told).isEmpty();
        }

        @Test
        void neverFlushedWhateverLossIsDeclared() {
            with(
                    Map.of("appendfsync", "no"),
                    () -> Refused.onlyFor(
                            "appendfsync",
                            "no",
                            () -> durable(store().acceptLossOf(Duration.ofHours(1)))
                                    .build()));
        }

        @Test
        void notFlushedWhileItIsRewritten() {
            with(
                    Map.of("no-appendfsync-on-rewrite", "yes"),
                    () -> Refused.onlyFor(
                            "no-appendfsync-on-rewrite", "yes", () -> durable().build()));
        }

        @Test
        void userWhoMayNotReadTheSettingsIsToldWhichPermissionIsMissing() {
            send(Command.ACL, "SETUSER", "blind", "on", ">secret", "~*", "&*", "+@all", "-config");
            RedisIdempotency blind = store().credentials("blind", "secret");

            PreflightException refusal = Refused.by(() -> durable(blind).build());

            assertThat(refusal.findings())
                    .extracting(Finding::setting, Finding::severity)
                    .containsExactly(
                            tuple("appendfsync", Severity.UNCHECKED),
                            tuple("no-appendfsync-on-rewrite", Severity.UNCHECKED));
            assertThat(refusal.remedy()).contains("+config|get", "acceptUnchecked(\"appendfsync\"");
            durable(blind)
                    .acceptUnchecked("appendfsync", "read by hand")
                    .acceptUnchecked("no-appendfsync-on-rewrite", "read by hand")
                    .build()
                    .close();
            assertThat(told).hasSize(2);
        }

        @Test
        void whatInfoTellsNeedsNoPermissionForConfig() {
            send(Command.ACL, "SETUSER", "blind", "on", ">secret", "~*", "&*", "+@all", "-config");
            with(
                    Map.of("appendonly", "no"),
                    () -> Refused.onlyFor(
                            "appendonly",
                            "no",
                            () -> durable(store().credentials("blind", "secret"))
                                    .build()));
        }

        private void with(Map<String, String> settings, Runnable test) {
            try {
                settings.forEach((name, value) -> send(Command.CONFIG, "SET", name, value));
                test.run();
            } finally {
                Map.of(
                                "maxmemory", "0",
                                "maxmemory-policy", "noeviction",
                                "appendonly", "yes",
                                "appendfsync", "always",
                                "no-appendfsync-on-rewrite", "no")
                        .forEach((name, value) -> send(Command.CONFIG, "SET", name, value));
            }
        }

        private void send(Command command, String... arguments) {
            try (Connection connection = new Connection("127.0.0.1", redis.port())) {
                // An append-only file is begun and ended at the disk's speed.
                connection.setSoTimeout(60_000);
                CommandArguments all = new CommandArguments(command);
                for (String argument : arguments) {
                    all.add(argument);
                }
                connection.executeCommand(all);
            }
        }
    }

    private static RedisIdempotency store() {
        return RedisIdempotency.at(redis.uri());
    }

    private MessagingClientBuilder durable() {
        return durable(store());
    }

    private MessagingClientBuilder durable(RedisIdempotency store) {
        return MessagingClient.builder()
                .transport(Kafka.at(kafka.bootstrap()))
                .idempotency(store)
                .eventListener(event -> {
                    if (event instanceof PreflightFindings findings) {
                        told.addAll(findings.findings());
                    }
                });
    }

    private static String topic(int replicas, Map<String, String> settings) throws Exception {
        String name = NAMES.incrementAndGet() + "-preflight";
        nodes.create(name, replicas, settings);
        return name;
    }
}
