package io.oncemq.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.oncemq.AuthenticationException;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.AccessRegained;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.PublisherOptions;
import io.oncemq.Subscription;
import io.oncemq.Subscription.State;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.server.KafkaServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** S10: a user who lacks exactly one right, by a real authorizer. Each right is denied by an entry of its own, which outweighs what is allowed. */
class KafkaRightsIT {
    /** Longer than a session of a member that left without a word. */
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private static final AtomicInteger NAMES = new AtomicInteger();

    private static KafkaServer kafka;
    private static Admin admin;

    private final String topic = "guarded-" + NAMES.incrementAndGet();
    private final String neighbour = "neighbour-" + NAMES.incrementAndGet();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private MessagingClient operator;
    private MessagingClient client;

    @BeforeAll
    static void start() {
        kafka = KafkaServer.builder()
                .asProcess()
                .config("listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT")
                .config("listener.name.client.sasl.enabled.mechanisms", "PLAIN")
                .config(
                        "listener.name.client.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_admin=\"x\" user_clara=\"x\";")
                .config("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .config("super.users", "User:ANONYMOUS;User:admin")
                .config("group.consumer.min.session.timeout.ms", 6_000)
                .config("group.consumer.session.timeout.ms", 6_000)
                .build();
        kafka.start();
        admin = Admin.create(Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\"x\";"));
    }

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void connect() throws Exception {
        operator = client("admin", GroupProtocol.CLASSIC);
        for (String each : List.of(topic, neighbour)) {
            operator.ensure(
                    DestinationSpec.builder(each).partitions(2).group(each).build());
            allow(ResourceType.TOPIC, each, AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS);
            allow(ResourceType.TOPIC, each + "." + each + ".dlq", AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS);
            allow(ResourceType.GROUP, each, AclOperation.READ);
        }
    }

    @AfterEach
    void close() {
        if (client != null) {
            client.close();
        }
        operator.close();
    }

    static Stream<Arguments> rightsToConsume() {
        return Arrays.stream(GroupProtocol.values())
                .flatMap(protocol -> Stream.of(
                        arguments(protocol, ResourceType.GROUP, AclOperation.READ),
                        arguments(protocol, ResourceType.TOPIC, AclOperation.READ),
                        arguments(protocol, ResourceType.TOPIC, AclOperation.DESCRIBE)));
    }

    @ParameterizedTest
    @MethodSource("rightsToConsume")
    void aRightThatIsTakenAwayStopsItsSubscriptionOnlyAndUntilItIsGivenBack(
            GroupProtocol protocol, ResourceType type, AclOperation operation) throws Exception {
        client = client("clara", protocol);
        Subscription guarded = consume(topic);
        Subscription other = consume(neighbour);
        awaitHandled("first");
        deny(type, topic, operation);
        AtomicInteger probes = new AtomicInteger();
        await().atMost(PATIENT).until(() -> {
            publish(topic, "probe-" + probes.incrementAndGet());
            return isRefusalTold();
        });
        publish(neighbour, "meanwhile");
        await().atMost(PATIENT).until(() -> handled.contains(neighbour + ": meanwhile"));
        giveBack(type, topic, operation);
        awaitHandled("second");
        await().atMost(PATIENT).until(() -> events.stream().anyMatch(AccessRegained.class::isInstance));
        assertThat(List.of(guarded.state(), other.state())).containsOnly(State.RUNNING);
        assertThat(handled).doesNotHaveDuplicates();
        assertThat(events)
                .filteredOn(AccessRefused.class::isInstance)
                .allMatch(event -> ((AccessRefused) event).destination().equals(topic));
    }

    private boolean isRefusalTold() {
        return events.stream()
                .anyMatch(event -> event instanceof AccessRefused refused
                        && refused.destination().equals(topic)
                        && String.valueOf(refused.cause().getMessage()).contains(topic));
    }

    @ParameterizedTest
    @MethodSource("rightsToConsume")
    void aRightThatIsMissingAtTheStartIsNamedAndTheNeighbourStarts(
            GroupProtocol protocol, ResourceType type, AclOperation operation) throws Exception {
        client = client("clara", protocol);
        deny(type, topic, operation);
        await().atMost(PATIENT).untilAsserted(() -> {
            Throwable refusal = refusalAtStart();
            assertThat(refusal).isInstanceOf(AuthenticationException.class);
            assertThat(refusal.getMessage())
                    .contains(topic)
                    .contains(
                            type == ResourceType.GROUP
                                    ? "Read on the group"
                                    : operation == AclOperation.READ
                                            ? "Read and Describe on the topic"
                                            : "Describe on the topic");
        });
        consume(neighbour);
        publish(neighbour, "alone");
        await().atMost(PATIENT).until(() -> handled.contains(neighbour + ": alone"));
        giveBack(type, topic, operation);
    }

    /**
     * What the start throws, or ends with; of a member that the group has let in, what it tells before it ends. A right counts a moment after
     * it was changed, so an early start may succeed; it is closed then.
     */
    private Throwable refusalAtStart() throws InterruptedException {
        Subscription[] started = new Subscription[1];
        Throwable refusal = catchThrowable(() -> started[0] = consume(topic));
        if (refusal != null) {
            return refusal;
        }
        try (Subscription subscription = started[0]) {
            if (subscription.awaitTermination(Duration.ofSeconds(10))) {
                return subscription.failure().orElseThrow();
            }
        }
        return events.stream()
                .filter(AccessRefused.class::isInstance)
                .map(event -> ((AccessRefused) event).cause())
                .findFirst()
                .orElse(null);
    }

    @Test
    void aRightToWriteThatIsTakenAwayRejectsItsMessagesOnlyAndUntilItIsGivenBack() throws Exception {
        client = client("clara", GroupProtocol.CLASSIC);
        await().atMost(PATIENT).until(() -> outcome(topic) == null && outcome(neighbour) == null);
        deny(ResourceType.TOPIC, topic, AclOperation.WRITE);
        await().atMost(PATIENT).untilAsserted(() -> {
            Throwable outcome = outcome(topic);
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.UNAUTHORIZED));
            assertThat(outcome).hasStackTraceContaining(topic);
        });
        for (int i = 0; i < 20; i++) {
            assertThat(outcome(neighbour)).isNull();
            assertThat(outcome(topic)).isInstanceOf(PublishRejectedException.class);
        }
        giveBack(ResourceType.TOPIC, topic, AclOperation.WRITE);
        await().atMost(PATIENT).until(() -> outcome(topic) == null);
    }

    /** A client that has published there already does not miss it. */
    @Test
    void namesTheRightToDescribeATopicToANewPublisher() throws Exception {
        client = client("clara", GroupProtocol.CLASSIC);
        deny(ResourceType.TOPIC, topic, AclOperation.DESCRIBE);
        await().atMost(PATIENT)
                .untilAsserted(() -> assertThat(outcome(topic))
                        .isInstanceOfSatisfying(
                                PublishRejectedException.class,
                                rejected -> assertThat(rejected.reason()).isEqualTo(Reason.UNAUTHORIZED))
                        .hasMessageContaining(topic)
                        .hasMessageContaining("Describe on the topic"));
        assertThat(outcome(neighbour)).isNull();
        giveBack(ResourceType.TOPIC, topic, AclOperation.DESCRIBE);
    }

    /** Kafka takes the right to write to any topic for it. */
    @Test
    void publishesWithoutIdempotentWriteOfTheCluster() throws Exception {
        deny(ResourceType.CLUSTER, "kafka-cluster", AclOperation.IDEMPOTENT_WRITE);
        client = client("clara", GroupProtocol.CLASSIC);
        await().atMost(PATIENT).until(() -> outcome(topic) == null);
        giveBack(ResourceType.CLUSTER, "kafka-cluster", AclOperation.IDEMPOTENT_WRITE);
    }

    @Test
    void namesTheRightToCreateATopic() {
        client = client("clara", GroupProtocol.CLASSIC);
        Throwable refusal = catchThrowable(() -> client.ensure(
                DestinationSpec.builder("new-" + topic).partitions(1).build()));
        assertThat(refusal)
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("new-" + topic)
                .hasMessageContaining("Create");
        assertThat(outcome(neighbour)).isNull();
    }

    private MessagingClient client(String user, GroupProtocol protocol) {
        Kafka transport = Kafka.at(kafka.bootstrap());
        if (protocol == GroupProtocol.CLASSIC) {
            // As the broker's for the other protocol: a member that is refused cannot leave, and is waited for.
            transport = transport.consumerProperty("session.timeout.ms", 6_000);
        }
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(transport
                        .groupProtocol(protocol)
                        .clientProperty("security.protocol", "SASL_PLAINTEXT")
                        .clientProperty("sasl.mechanism", "PLAIN")
                        .clientProperty(
                                "sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user
                                        + "\" password=\"x\";"))
                .idempotency(InProcessIdempotency.create())
                .eventListener(events::add)
                .build();
    }

    private Subscription consume(String destination) {
        return client.subscription(destination, Codecs.string())
                .group(destination)
                .handler(delivery -> {
                    handled.add(destination + ": " + delivery.body());
                })
                .start();
    }

    private void awaitHandled(String body) {
        publish(topic, body);
        publish(neighbour, body);
        await().atMost(PATIENT).until(() -> handled.containsAll(List.of(topic + ": " + body, neighbour + ": " + body)));
    }

    private void publish(String destination, String body) {
        operator.publisher(destination, Codecs.string())
                .publish(OutboundMessage.of(body).key(body))
                .join();
    }

    private Throwable outcome(String destination) {
        Throwable thrown = catchThrowable(() -> client.publisher(
                        destination,
                        Codecs.string(),
                        PublisherOptions.builder()
                                .deadline(Duration.ofSeconds(10))
                                .build())
                .publish(OutboundMessage.of("asked").key("k"))
                .join());
        return thrown instanceof CompletionException ? thrown.getCause() : thrown;
    }

    private static void allow(ResourceType type, String name, AclOperation... operations) throws Exception {
        admin.createAcls(Arrays.stream(operations)
                        .map(each -> entry(type, name, each, AclPermissionType.ALLOW))
                        .toList())
                .all()
                .get();
    }

    private static void deny(ResourceType type, String name, AclOperation operation) throws Exception {
        admin.createAcls(List.of(entry(type, name, operation, AclPermissionType.DENY)))
                .all()
                .get();
    }

    private static void giveBack(ResourceType type, String name, AclOperation operation) throws Exception {
        admin.deleteAcls(List.of(
                        entry(type, name, operation, AclPermissionType.DENY).toFilter()))
                .all()
                .get();
    }

    private static AclBinding entry(
            ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(
                        type, name, type == ResourceType.GROUP ? PatternType.PREFIXED : PatternType.LITERAL),
                new AccessControlEntry("User:clara", "*", operation, permission));
    }
}
