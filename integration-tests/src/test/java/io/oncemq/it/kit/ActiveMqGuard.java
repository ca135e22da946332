package io.oncemq.it.kit;

import io.oncemq.DestinationSpec;
import io.oncemq.jms.ActiveMq;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.GuardedBroker;
import io.oncemq.testkit.kit.transport.Right;
import io.oncemq.testkit.kit.transport.Right.Use;
import io.oncemq.testkit.server.ActiveMqServer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Users of an ActiveMQ Classic of their own. It looks at a password when a connection is made, at the rights of a consumer when it comes,
 * and at those of a publisher with each message.
 */
final class ActiveMqGuard implements GuardedBroker {
    private static final class Servers {
        static final Servers INSTANCE = new Servers();

        final ActiveMqServer activemq = operated().build();
        final TcpProxy proxy = TcpProxy.to(activemq.port());

        private Servers() {
            activemq.start();
        }

        private static ActiveMqServer.Builder operated() {
            ActiveMqServer.Builder builder = ActiveMqServer.builder().user(OPERATOR, SECRET);
            for (String operation : new String[] {"read", "write", "admin"}) {
                builder.permit(OPERATOR, operation, "queue://>").permit(OPERATOR, operation, "topic://>");
            }
            return builder;
        }
    }

    /** @param permission an operation and a destination, as the server takes them */
    private record Rule(Right right, String permission) {}

    private static final String OPERATOR = "operator";
    private static final String SECRET = "operator-secret";
    private static final long NEWS_MILLIS = 5_000;
    private static final Right REGISTER = Right.of("write to the register", Use.ENSURE);
    private static final Right MARK = Right.of("write to the queues of the group", Use.ENSURE);
    private static final Right PUBLISH = Right.of("write to the topics", Use.PUBLISH);
    private static final Right CONSUME = Right.of("read from the queues of the group", Use.CONSUME);
    private static final Right BURY = Right.of("write to the topics of dead letters", Use.DEAD_LETTER);
    private static final Right HEAR = Right.of("read from the topic of the members", Use.CONSUME);
    private static final Right TELL = Right.of("write to the topic of the members", Use.CONSUME);

    /** The server is given a user with password and rights together. */
    private static final Map<String, Login> LOGINS = new ConcurrentHashMap<>();

    private record Login(String password, List<String> permissions) {}

    private final ActiveMqServer activemq = Servers.INSTANCE.activemq;
    private final TcpProxy proxy = Servers.INSTANCE.proxy;
    private final RawActiveMq raw =
            new RawActiveMq(() -> activemq.uri() + "?jms.userName=" + OPERATOR + "&jms.password=" + SECRET);

    @Override
    public TransportFactory operator() {
        return user(OPERATOR, SECRET);
    }

    @Override
    public TransportFactory user(String name, String password) {
        return ActiveMq.at("127.0.0.1:" + proxy.port()).login(name, password);
    }

    @Override
    public List<Right> rights() {
        return List.of(REGISTER, MARK, PUBLISH, CONSUME, BURY, HEAR, TELL);
    }

    @Override
    public void allow(String user, String password, String destination, String group) {
        write(user, new Login(password, permissions(destination, group, null)));
    }

    @Override
    public void deny(String user, String destination, String group, Right right) {
        write(user, new Login(login(user).password(), permissions(destination, group, right)));
    }

    private static Login login(String user) {
        return Objects.requireNonNull(LOGINS.get(user), user);
    }

    private void write(String user, Login login) {
        LOGINS.put(user, login);
        activemq.createUser(user, login.password(), login.permissions());
    }

    /**
     * What docs/activemq.md lists. But for the topics, whose pattern there has all that begins with the name of the destination, and so the
     * dead letters as well.
     */
    private List<String> permissions(String destination, String group, @Nullable Right without) {
        String letters = DestinationSpec.deadLetterName(destination, group);
        String queues = "queue://Consumer." + group + ".VirtualTopic." + destination + ".>";
        String members = "topic://oncemq.members." + group + "." + destination;
        List<String> all = new ArrayList<>(List.of(
                "write topic://VirtualTopic.oncemq.probe",
                "admin topic://VirtualTopic.oncemq.probe",
                "read queue://Consumer.oncemq.VirtualTopic.oncemq.probe",
                "admin queue://Consumer.oncemq.VirtualTopic.oncemq.probe",
                "read queue://oncemq.register.>",
                "admin queue://oncemq.register.>",
                "write queue://oncemq.register." + letters,
                "admin " + queues,
                "admin topic://VirtualTopic." + destination + ".>",
                "admin topic://VirtualTopic." + letters + ".>",
                "admin " + members));
        List<Rule> rules = List.of(
                new Rule(REGISTER, "write queue://oncemq.register." + destination),
                new Rule(MARK, "write " + queues),
                new Rule(PUBLISH, "write topic://VirtualTopic." + destination + ".*"),
                new Rule(CONSUME, "read " + queues),
                new Rule(BURY, "write topic://VirtualTopic." + letters + ".*"),
                new Rule(HEAR, "read " + members),
                new Rule(TELL, "write " + members));
        rules.stream().filter(each -> !each.right().equals(without)).forEach(each -> all.add(each.permission()));
        return all;
    }

    @Override
    public void changePassword(String user, String password) {
        write(user, new Login(password, login(user).permissions()));
    }

    @Override
    public void closeConnections() {
        proxy.reset();
    }

    /** Who listens for consumers of a queue is told of each that is there, with their number. */
    @Override
    public int members(String destination, String group) {
        String news = "ActiveMQ.Advisory.Consumer.Queue.Consumer." + group + ".VirtualTopic." + destination + ".0";
        return raw.call(session -> {
            try (MessageConsumer consumer = session.createConsumer(session.createTopic(news))) {
                Message first = consumer.receive(NEWS_MILLIS);
                return first == null ? 0 : first.getIntProperty("consumerCount");
            }
        });
    }
}
