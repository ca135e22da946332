package io.oncemq.it.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Finding;
import io.oncemq.Finding.Severity;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEvent.PreflightFindings;
import io.oncemq.PreflightException;
import io.oncemq.Profile;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.server.KafkaServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** P4 on a single Kafka node with an authorizer: what a new user meets, and what a user without permissions meets. */
class OneServerPreflightIT {
    private static final String OFFSETS = "__consumer_offsets";
    private static final String OFFSETS_REPLICAS = "offsets.topic.replication.factor";

    private static KafkaServer kafka;

    private final List<Finding> told = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        kafka = KafkaServer.builder()
                .config("offsets.retention.minutes", 60)
                .config("listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT")
                .config("listener.name.client.sasl.enabled.mechanisms", "PLAIN")
                .config(
                        "listener.name.client.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_admin=\"x\" user_blind=\"x\";")
                .config("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .config("super.users", "User:ANONYMOUS;User:admin")
                .config("allow.everyone.if.no.acl.found", true)
                .build();
        kafka.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void newUserIsToldWhatToDo() {
        PreflightException refusal = Refused.by(() -> client("admin").build());

        assertThat(Refused.settings(refusal.findings(), Severity.VIOLATION))
                .containsExactly(tuple(OFFSETS_REPLICAS, "1"));
        assertThat(Refused.settings(refusal.findings(), Severity.ADVICE))
                .containsExactly(tuple("offsets.retention.minutes", "60"), tuple("brokers", "1"));
        assertThat(refusal)
                .hasMessageContaining(OFFSETS_REPLICAS + " = 1")
                .hasMessageContaining("MessagingClient.builder().profile(Profile.DEV)");
    }

    @Test
    void devGoesOnAndTellsTheSame() {
        client("admin").profile(Profile.DEV).build().close();

        assertThat(told)
                .extracting(Finding::setting)
                .containsExactly(OFFSETS_REPLICAS, "offsets.retention.minutes", "brokers");
    }

    @Test
    void userWhoMayNotReadTheSettingsIsToldWhichPermissionIsMissing() throws Exception {
        try (Admin admin = Admin.create(properties("admin"))) {
            admin.createTopics(List.of(new NewTopic("guarded", 1, (short) 1)))
                    .all()
                    .get();
            admin.createAcls(List.of(
                            acl(ResourceType.TOPIC, "guarded", AclOperation.ALL, AclPermissionType.ALLOW),
                            acl(ResourceType.TOPIC, "guarded", AclOperation.DESCRIBE_CONFIGS, AclPermissionType.DENY),
                            acl(ResourceType.TOPIC, OFFSETS, AclOperation.ALL, AclPermissionType.DENY),
                            acl(ResourceType.CLUSTER, "kafka-cluster", AclOperation.ALL, AclPermissionType.DENY)))
                    .all()
                    .get();
        }

        // The broker hears of permissions from its controller, a moment after those were confirmed.
        await().untilAsserted(() -> {
            PreflightException cluster = Refused.by(() -> client("blind").build());
            assertThat(cluster.findings())
                    .extracting(Finding::setting, Finding::severity)
                    .containsExactly(tuple(OFFSETS_REPLICAS, Severity.UNCHECKED), tuple("brokers", Severity.ADVICE));
            assertThat(cluster.remedy()).contains("Describe on the topic " + OFFSETS, "acceptUnchecked");
        });

        try (MessagingClient client = client("blind")
                .acceptUnchecked(OFFSETS_REPLICAS, "the operators vouch for it")
                .build()) {
            PreflightException topic = Refused.by(() -> client.publisher("guarded", Codecs.string()));
            assertThat(topic.findings())
                    .extracting(Finding::setting, Finding::severity)
                    .containsExactly(
                            tuple("replication.factor", Severity.VIOLATION),
                            tuple("min.insync.replicas", Severity.UNCHECKED),
                            tuple("unclean.leader.election.enable", Severity.UNCHECKED));
            assertThat(topic).hasMessageContaining("DescribeConfigs on the topic guarded");
        }
    }

    private MessagingClientBuilder client(String user) {
        Kafka at = Kafka.at(kafka.bootstrap());
        for (Map.Entry<String, Object> property : login(user).entrySet()) {
            at = at.clientProperty(property.getKey(), property.getValue());
        }
        return MessagingClient.builder().transport(at).withoutIdempotency().eventListener(event -> {
            if (event instanceof PreflightFindings findings) {
                told.addAll(findings.findings());
            }
        });
    }

    private static Map<String, Object> login(String user) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user
                        + "\" password=\"x\";");
    }

    private static Map<String, Object> properties(String user) {
        Map<String, Object> properties = new HashMap<>(login(user));
        properties.put("bootstrap.servers", kafka.bootstrap());
        return properties;
    }

    private static AclBinding acl(
            ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:blind", "*", operation, permission));
    }
}
