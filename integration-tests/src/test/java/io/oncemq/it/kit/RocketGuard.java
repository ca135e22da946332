package io.oncemq.it.kit;

import io.oncemq.DestinationSpec;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.GuardedBroker;
import io.oncemq.testkit.kit.transport.Right;
import io.oncemq.testkit.kit.transport.Right.Use;
import io.oncemq.testkit.server.RocketServer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Users of a RocketMQ of their own. It looks at passwords and rights with each request. */
final class RocketGuard implements GuardedBroker {
    private static final class Servers {
        static final Servers INSTANCE = new Servers();

        final RocketServer rocket = RocketServer.builder()
                .accessControl()
                .systemProperty("rocketmq.broker.rebalance.lockMaxLiveTime", RocketFixture.LOCK_EXPIRY.toMillis())
                .config("channelExpiredTimeout", 6_000)
                .build();
        final TcpProxy proxy = TcpProxy.to(rocket.port(0));

        private Servers() {
            rocket.advertise(0, "127.0.0.1", proxy.port());
            rocket.start();
        }
    }

    private static final Right PUB = Right.of("Pub on the topic", Use.PUBLISH);
    private static final Right SUB = Right.of("Sub on the topic", Use.CONSUME);
    private static final Right GET = Right.of("Get on the topic", Use.START);
    private static final Right JOIN = Right.of("Sub on the group", Use.CONSUME);
    private static final Right BURY = Right.of("Pub on the topic of dead letters", Use.DEAD_LETTER);

    private static final Set<String> USERS = ConcurrentHashMap.newKeySet();

    private final RocketServer rocket = Servers.INSTANCE.rocket;
    private final TcpProxy proxy = Servers.INSTANCE.proxy;

    @Override
    public TransportFactory operator() {
        return user(rocket.user(), rocket.password());
    }

    @Override
    public TransportFactory user(String name, String password) {
        return Rocket.at(rocket.nameServer())
                .lockExpiry(RocketFixture.LOCK_EXPIRY)
                .credentials(name, password);
    }

    @Override
    public List<Right> rights() {
        return List.of(PUB, SUB, GET, JOIN, BURY);
    }

    @Override
    public void allow(String user, String password, String destination, String group) {
        if (USERS.add(user)) {
            rocket.createUser(user, password, "Topic:" + destination, "Pub", "Sub", "Get");
        }
        resources(destination, group).forEach((resource, rights) -> write(user, resource, rights.values()));
    }

    @Override
    public void deny(String user, String destination, String group, Right right) {
        resources(destination, group).forEach((resource, rights) -> {
            if (rights.containsKey(right)) {
                write(
                        user,
                        resource,
                        rights.entrySet().stream()
                                .filter(each -> !each.getKey().equals(right))
                                .map(Map.Entry::getValue)
                                .collect(Collectors.toSet()));
            }
        });
    }

    /** What a user needs of each resource. */
    private static Map<String, Map<Right, String>> resources(String destination, String group) {
        String letters = DestinationSpec.deadLetterName(destination, group).replace(".", "%2E");
        return Map.of(
                "Topic:" + destination,
                Map.of(PUB, "Pub", SUB, "Sub", GET, "Get"),
                "Topic:" + letters,
                Map.of(BURY, "Pub"),
                "Group:" + group,
                Map.of(JOIN, "Sub"));
    }

    private void write(String user, String resource, Collection<String> actions) {
        rocket.disallow(user, resource);
        if (!actions.isEmpty()) {
            rocket.allow(user, resource, actions.toArray(String[]::new));
        }
    }

    @Override
    public void changePassword(String user, String password) {
        rocket.changePassword(user, password);
    }

    @Override
    public void closeConnections() {
        proxy.reset();
    }

    @Override
    public int members(String destination, String group) {
        return (int) rocket.members(0, group).stream()
                .filter(id -> id.contains("@" + destination + "#"))
                .distinct()
                .count();
    }
}
