package io.oncemq.it.kit;

import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.GuardedBroker;
import io.oncemq.testkit.kit.transport.Right;
import io.oncemq.testkit.kit.transport.Right.Use;
import io.oncemq.testkit.server.KafkaServer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Users of a Kafka of their own, with SCRAM and an authorizer. It looks at a password when a connection is made, and at rights with each
 * request. A right is denied by an entry of its own, which outweighs what is allowed.
 */
final class KafkaGuard implements GuardedBroker {
    private static final class Servers {
        static final Servers INSTANCE = new Servers();

        final KafkaServer kafka = KafkaServer.builder()
                .config("listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT")
                .config("listener.name.client.sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512")
                .config(
                        "listener.name.client.plain.sasl.jaas.config",
                        MODULES + "plain.PlainLoginModule required user_" + OPERATOR + "=\"" + SECRET + "\";")
                .config(
                        "listener.name.client.scram-sha-512.sasl.jaas.config",
                        MODULES + "scram.ScramLoginModule required;")
                .config("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .config("super.users", "User:ANONYMOUS;User:" + OPERATOR)
                .config("group.consumer.session.timeout.ms", SESSION_MILLIS)
                .build();
        final TcpProxy proxy = TcpProxy.to(kafka.port());

        private Servers() {
            kafka.advertise("127.0.0.1", proxy.port());
            kafka.start();
        }
    }

    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final String OPERATOR = "operator";
    private static final String SECRET = "operator-secret";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Of a member that is refused: it cannot leave its group, which waits for it. */
    private static final int SESSION_MILLIS = 6_000;

    private static final Right CREATE = Right.of("Create on the topic", Use.ENSURE);
    private static final Right DESCRIBE = Right.of("Describe on the topic", Use.ENSURE, Use.PUBLISH, Use.CONSUME);
    private static final Right WRITE = Right.of("Write on the topic", Use.PUBLISH);
    private static final Right READ = Right.of("Read on the topic", Use.CONSUME);
    private static final Right JOIN = Right.of("Read on the group", Use.CONSUME);
    private static final Right BURY = Right.of("Write on the topic of dead letters", Use.DEAD_LETTER);

    private final KafkaServer kafka = Servers.INSTANCE.kafka;
    private final TcpProxy proxy = Servers.INSTANCE.proxy;
    private final GroupProtocol protocol;

    KafkaGuard(GroupProtocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public TransportFactory operator() {
        return at().plain(OPERATOR, SECRET);
    }

    @Override
    public TransportFactory user(String name, String password) {
        return at().scram(name, password);
    }

    private Kafka at() {
        Kafka at = Kafka.at(kafka.bootstrap()).groupProtocol(protocol).consumerProperty("fetch.max.wait.ms", 50);
        return protocol == GroupProtocol.CONSUMER
                ? at
                : at.consumerProperty("session.timeout.ms", SESSION_MILLIS)
                        .consumerProperty("heartbeat.interval.ms", 300);
    }

    @Override
    public List<Right> rights() {
        return List.of(CREATE, DESCRIBE, WRITE, READ, JOIN, BURY);
    }

    @Override
    public void allow(String user, String password, String destination, String group) {
        changePassword(user, password);
        // Who ensures a group ensures its dead letters.
        AclBinding letters = new AclBinding(
                entry(user, destination, group, BURY, AclPermissionType.ALLOW).pattern(),
                entry(user, destination, group, CREATE, AclPermissionType.ALLOW).entry());
        List<AclBinding> allowed = Stream.concat(
                        Stream.of(letters),
                        rights().stream().map(each -> entry(user, destination, group, each, AclPermissionType.ALLOW)))
                .toList();
        ask(admin ->
                admin.deleteAcls(List.of(ofUser(user, AclPermissionType.DENY))).all());
        ask(admin -> admin.createAcls(allowed).all());
        await().atMost(PATIENCE)
                .until(() -> entries(user, AclPermissionType.DENY).isEmpty()
                        && entries(user, AclPermissionType.ALLOW).containsAll(allowed));
    }

    @Override
    public void deny(String user, String destination, String group, Right right) {
        AclBinding denied = entry(user, destination, group, right, AclPermissionType.DENY);
        ask(admin -> admin.createAcls(List.of(denied)).all());
        await().atMost(PATIENCE)
                .until(() -> entries(user, AclPermissionType.DENY).contains(denied));
    }

    private static AclBinding entry(
            String user, String destination, String group, Right right, AclPermissionType permission) {
        ResourcePattern resource = right.equals(JOIN)
                ? new ResourcePattern(ResourceType.GROUP, group, PatternType.PREFIXED)
                : new ResourcePattern(
                        ResourceType.TOPIC,
                        right.equals(BURY) ? DestinationSpec.deadLetterName(destination, group) : destination,
                        PatternType.LITERAL);
        return new AclBinding(resource, new AccessControlEntry("User:" + user, "*", operation(right), permission));
    }

    private static AclOperation operation(Right right) {
        if (right.equals(CREATE)) {
            return AclOperation.CREATE;
        }
        if (right.equals(DESCRIBE)) {
            return AclOperation.DESCRIBE;
        }
        return right.equals(WRITE) || right.equals(BURY) ? AclOperation.WRITE : AclOperation.READ;
    }

    private static AclBindingFilter ofUser(String user, AclPermissionType permission) {
        return new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter("User:" + user, null, AclOperation.ANY, permission));
    }

    private Collection<AclBinding> entries(String user, AclPermissionType permission) {
        return ask(admin -> admin.describeAcls(ofUser(user, permission)).values());
    }

    @Override
    public void changePassword(String user, String password) {
        ScramCredentialInfo how = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
        ask(admin -> admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, how, password)))
                .all());
        await().atMost(PATIENCE).until(() -> lets(user, password));
    }

    private boolean lets(String user, String password) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(login("SCRAM-SHA-512", "scram.Scram", user, password))) {
            admin.describeCluster().nodes().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SaslAuthenticationException) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void closeConnections() {
        proxy.reset();
    }

    /** None while the group is being balanced. */
    @Override
    public int members(String destination, String group) {
        String name = group + "@@" + destination;
        ConsumerGroupDescription found =
                ask(admin -> admin.describeConsumerGroups(List.of(name)).all()).get(name);
        return found.groupState() == GroupState.STABLE ? found.members().size() : 0;
    }

    private interface Question<T> {
        KafkaFuture<T> to(Admin admin);
    }

    private <T> T ask(Question<T> question) {
        try (Admin admin = Admin.create(login("PLAIN", "plain.Plain", OPERATOR, SECRET))) {
            return question.to(admin).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the broker did not do what it was asked", e);
        }
    }

    private Map<String, Object> login(String mechanism, String module, String user, String password) {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                MODULES + module + "LoginModule required username=\"" + user + "\" password=\"" + password + "\";");
    }
}
