package io.oncemq.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.jms.Artemis;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.GuardedBroker;
import io.oncemq.testkit.kit.transport.Right;
import io.oncemq.testkit.kit.transport.Right.Use;
import io.oncemq.testkit.server.ArtemisServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientRequestor;
import org.apache.activemq.artemis.api.core.management.ManagementHelper;
import org.apache.activemq.artemis.api.core.management.ResourceNames;

/**
 * Users of an Artemis of their own. It looks at a password when a connection is made, at the rights of a consumer when it comes, and at those of a
 * publisher with each message. Each permission has a role of its name, for all addresses; a right is denied by a setting for its address, which
 * leaves the permission to the operator.
 */
final class ArtemisGuard implements GuardedBroker {
    private static final class Servers {
        static final Servers INSTANCE = new Servers();

        final ArtemisServer artemis = ArtemisServer.builder().accessControl().build();
        final TcpProxy proxy = TcpProxy.to(artemis.port());

        private Servers() {
            artemis.createUser(OPERATOR, SECRET, PERMISSIONS.toArray(String[]::new));
            artemis.start();
        }
    }

    private static final String OPERATOR = "operator";
    private static final String SECRET = "operator-secret";
    private static final String ONLY_OPERATOR = "manage";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** All that there are, in the order of Artemis' operation for the settings of an address. */
    private static final List<String> PERMISSIONS = List.of(
            "send",
            "consume",
            "createDurableQueue",
            "deleteDurableQueue",
            "createNonDurableQueue",
            "deleteNonDurableQueue",
            ONLY_OPERATOR,
            "browse",
            "createAddress",
            "deleteAddress",
            "view",
            "edit");

    private static final String[] OF_USERS = {
        "send", "consume", "createAddress", "createDurableQueue", "createNonDurableQueue", "deleteNonDurableQueue"
    };

    private enum Place {
        DESTINATION,
        DEAD_LETTERS,
        MEMBERS;

        String address(String destination, String group) {
            return switch (this) {
                case DESTINATION -> destination;
                case DEAD_LETTERS -> DestinationSpec.deadLetterName(destination, group);
                case MEMBERS -> destination + "/" + group + "/members";
            };
        }
    }

    private record Rule(Right right, String permission, Place place) {}

    private static final List<Rule> RULES = List.of(
            new Rule(Right.of("createAddress", Use.ENSURE), "createAddress", Place.DESTINATION),
            new Rule(Right.of("createDurableQueue", Use.ENSURE), "createDurableQueue", Place.DESTINATION),
            new Rule(Right.of("send", Use.PUBLISH), "send", Place.DESTINATION),
            new Rule(Right.of("consume", Use.CONSUME), "consume", Place.DESTINATION),
            new Rule(Right.of("send to the dead letters", Use.DEAD_LETTER), "send", Place.DEAD_LETTERS),
            new Rule(Right.of("send to the members", Use.CONSUME), "send", Place.MEMBERS),
            new Rule(Right.of("consume from the members", Use.CONSUME), "consume", Place.MEMBERS),
            new Rule(
                    Right.of("createNonDurableQueue of the members", Use.CONSUME),
                    "createNonDurableQueue",
                    Place.MEMBERS));

    private final ArtemisServer artemis = Servers.INSTANCE.artemis;
    private final TcpProxy proxy = Servers.INSTANCE.proxy;
    private final RawArtemis raw = as(OPERATOR, SECRET);

    @Override
    public TransportFactory operator() {
        return user(OPERATOR, SECRET);
    }

    @Override
    public TransportFactory user(String name, String password) {
        return Artemis.at("127.0.0.1:" + proxy.port()).login(name, password);
    }

    @Override
    public List<Right> rights() {
        return RULES.stream().map(Rule::right).toList();
    }

    @Override
    public void allow(String user, String password, String destination, String group) {
        changePassword(user, password);
        for (Place each : Place.values()) {
            manage("removeSecuritySettings", each.address(destination, group));
        }
    }

    @Override
    public void deny(String user, String destination, String group, Right right) {
        Rule denied = RULES.stream()
                .filter(each -> each.right().equals(right))
                .findFirst()
                .orElseThrow();
        Stream<Object> roles =
                PERMISSIONS.stream().map(each -> each.equals(denied.permission()) ? ONLY_OPERATOR : each);
        Stream<Object> address = Stream.of(denied.place().address(destination, group));
        manage("addSecuritySettings", Stream.concat(address, roles).toArray());
    }

    private void manage(String operation, Object... parameters) {
        raw.call(session -> {
            try (ClientRequestor requestor = new ClientRequestor(session.getCoreSession(), "activemq.management")) {
                ClientMessage question = session.getCoreSession().createMessage(false);
                ManagementHelper.putOperationInvocation(question, ResourceNames.BROKER, operation, parameters);
                ClientMessage reply = requestor.request(question);
                assertThat(ManagementHelper.hasOperationSucceeded(reply))
                        .as(String.valueOf(ManagementHelper.getResult(reply)))
                        .isTrue();
                return true;
            } catch (Exception e) {
                throw new IllegalStateException("the broker did not do what it was asked", e);
            }
        });
    }

    @Override
    public void changePassword(String user, String password) {
        artemis.createUser(user, password, OF_USERS);
        // The broker reads its users again within a second or so.
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> as(user, password).call(session -> true));
    }

    private RawArtemis as(String user, String password) {
        return new RawArtemis(() -> artemis.uri() + "?user=" + user + "&password=" + password);
    }

    @Override
    public void closeConnections() {
        proxy.reset();
    }

    @Override
    public int members(String destination, String group) {
        return raw.consumers(destination + "/" + group + "/0");
    }
}
