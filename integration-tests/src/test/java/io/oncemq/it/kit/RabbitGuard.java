package io.oncemq.it.kit;

import io.oncemq.DestinationSpec;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.kit.transport.GuardedBroker;
import io.oncemq.testkit.kit.transport.Right;
import io.oncemq.testkit.kit.transport.Right.Use;
import io.oncemq.testkit.server.RabbitServer;
import java.util.List;

/** Users of a RabbitMQ. It looks at a password when a connection is made, and at rights when a channel first uses them. */
final class RabbitGuard implements GuardedBroker {
    private static final String ALL = ".*";

    /** Of a user that exists the password stays. */
    private static final String AS_IT_IS = "";

    private static final Right CONFIGURE = Right.of("configure", Use.ENSURE);
    private static final Right WRITE = Right.of("write to the exchange", Use.PUBLISH);
    private static final Right READ = Right.of("read from the queue", Use.CONSUME);
    private static final Right BURY = Right.of("write to the exchange of dead letters", Use.DEAD_LETTER);

    private final RabbitServer server;
    private final RawRabbit raw;
    private final String address;

    RabbitGuard(RabbitServer server, RawRabbit raw, String address) {
        this.server = server;
        this.raw = raw;
        this.address = address;
    }

    @Override
    public TransportFactory operator() {
        return user(server.user(), server.password());
    }

    @Override
    public TransportFactory user(String name, String password) {
        return Rabbit.at(address).login(name, password);
    }

    @Override
    public List<Right> rights() {
        return List.of(CONFIGURE, WRITE, READ, BURY);
    }

    @Override
    public void allow(String user, String password, String destination, String group) {
        server.createUser(user, password, "/", ALL, ALL, ALL);
    }

    @Override
    public void deny(String user, String destination, String group, Right right) {
        String letters = DestinationSpec.deadLetterName(destination, group);
        server.createUser(
                user,
                AS_IT_IS,
                "/",
                right.equals(CONFIGURE) ? allBut(literally(destination)) : ALL,
                right.equals(WRITE)
                        ? allBut(literally(destination))
                        : right.equals(BURY) ? allBut(literally(letters)) : ALL,
                right.equals(READ) ? allBut(literally(destination + "." + group) + "[.][0-9]+") : ALL);
    }

    private static String literally(String name) {
        return name.replace(".", "[.]");
    }

    private static String allBut(String name) {
        return "^(?!" + name + "$).*$";
    }

    @Override
    public void changePassword(String user, String password) {
        server.eval("ok = rabbit_auth_backend_internal:change_password(<<\"" + user + "\">>, <<\"" + password
                + "\">>, <<\"test\">>)");
    }

    @Override
    public void closeConnections() {
        server.closeConnections();
    }

    @Override
    public int members(String destination, String group) {
        return (int) (long) raw.call(channel -> channel.consumerCount(destination + "." + group + ".members"));
    }
}
