package io.oncemq.testkit.kit.transport;

import io.oncemq.spi.TransportFactory;
import java.util.List;

/**
 * A running broker that lets users in by their passwords and allows each what it has the right to. Every call blocks until what it says is so for
 * connections that are made from then on.
 */
public interface GuardedBroker {
    /** Clients of a user who may do everything. */
    TransportFactory operator();

    TransportFactory user(String name, String password);

    /** Each right that a user of a destination needs, as the adapter's documentation lists them. */
    List<Right> rights();

    /** Makes a user who has all of {@link #rights} to a destination, its group and the group's dead letters, or gives one back what it lacks. */
    void allow(String user, String password, String destination, String group);

    /** Takes one right from a user who has all. */
    void deny(String user, String destination, String group, Right right);

    void changePassword(String user, String password);

    /** Breaks all connections of users, if the broker looks at rights and passwords only when a connection is made. */
    void closeConnections();

    /** How many members of a group the broker knows. */
    int members(String destination, String group);
}
