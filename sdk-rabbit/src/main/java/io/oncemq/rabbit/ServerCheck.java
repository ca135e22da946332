package io.oncemq.rabbit;

import com.rabbitmq.client.Connection;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.spi.DestinationPlan;
import io.oncemq.spi.DestinationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be seen over AMQP of the settings that a confirm rests on, and what cannot. */
final class ServerCheck {
    static final String NODES = "quorum queue members";
    private static final int REPLICAS = 3;
    private static final String CLUSTER_NAME = "cluster_name";
    private static final String SERVER = "RabbitMQ";
    private static final String NOT_TOLD = "(not reported)";
    private static final String NEEDS_MEMBERS = "must be 3 or more: a message that fewer nodes have is lost with them";
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    private final Administration administration;
    private final Topology topology;

    ServerCheck(Administration administration, Topology topology) {
        this.administration = administration;
        this.topology = topology;
    }

    /** Whether the server is of that version or newer; not if it does not say. */
    static boolean isSince(Connection connection, int major, int minor) {
        Matcher version = VERSION.matcher(told(connection, "version"));
        if (!version.matches()) {
            return false;
        }
        int there = Integer.parseInt(version.group(1));
        return there > major || there == major && Integer.parseInt(version.group(2)) >= minor;
    }

    private static String told(Connection connection, String property) {
        Map<String, Object> properties = connection.getServerProperties();
        Object value = properties == null ? null : properties.get(property);
        return value == null ? NOT_TOLD : value.toString();
    }

    /**
     * The cluster_name that an operator has set. Without one each node tells its own name, {@code rabbit@host}, so it would change with the
     * node that answers; therefore nothing with an at sign in it counts.
     */
    String cluster() {
        return cluster(administration.connection());
    }

    static String cluster(Connection connection) {
        String name = told(connection, CLUSTER_NAME);
        return name.indexOf('@') >= 0 || name.equals(NOT_TOLD) ? "" : name;
    }

    /** What the server calls its cluster, whether an operator has set it or not. */
    static String clusterAsTold(Connection connection) {
        return told(connection, CLUSTER_NAME);
    }

    List<Finding> server() {
        Connection connection = administration.connection();
        List<Finding> findings = new ArrayList<>();
        String product = told(connection, "product");
        if (!product.equals(SERVER)) {
            findings.add(Finding.unchecked(
                    product,
                    "product",
                    "it does not say that it is RabbitMQ",
                    "must keep what it confirms as RabbitMQ's quorum queues do",
                    accept("product")));
        } else if (!isSince(connection, 3, 10)) {
            findings.add(Finding.violation(
                    SERVER,
                    "version",
                    told(connection, "version"),
                    "must be 3.10 or newer: older servers may lose a dead letter of a quorum queue",
                    "Upgrade the server"));
        }
        findings.add(Finding.unchecked(
                SERVER,
                NODES,
                "the number of nodes cannot be read over AMQP",
                NEEDS_MEMBERS,
                "Look at rabbitmqctl cluster_status and rabbitmq-queues quorum_status, then accept it by name with"
                        + " acceptUnchecked(\"" + NODES + "\", reason)"));
        return findings;
    }

    private static String accept(String setting) {
        return "Accept it by name with acceptUnchecked(\"" + setting + "\", reason) once you have checked it";
    }

    /** What was never acknowledged is kept without a limit in time, and what was is not delivered again: there is no retention. */
    DestinationReport destination(String name) {
        if (!topology.exists(name)) {
            return new DestinationReport(
                    List.of(Finding.violation(
                            component(name),
                            "existence",
                            "missing",
                            "must exist before the first message, with its groups",
                            "Call MessagingClient.ensure(DestinationSpec.builder(\"" + name + "\").group(…).build())")),
                    null);
        }
        ConfigurationException unlike = topology.unlikeOurs(name);
        return new DestinationReport(unlike == null ? List.of() : List.of(finding(name, unlike)), null);
    }

    private static String component(String destination) {
        return "RabbitMQ destination " + destination;
    }

    private static Finding finding(String destination, ConfigurationException difference) {
        return Finding.violation(
                component(destination),
                difference.property(),
                difference.value(),
                "must match the existing one: " + difference.getMessage(),
                difference.remedy());
    }

    DestinationPlan plan(DestinationSpec asked) {
        QueueArguments.check(asked);
        List<Finding> findings = new ArrayList<>();
        if (asked.replicas() > 0 && asked.replicas() < REPLICAS) {
            findings.add(Finding.violation(
                    component(asked.name()),
                    "replicas",
                    asked.replicas(),
                    NEEDS_MEMBERS,
                    "Use DestinationSpec.replicas(3)"));
        }
        if (topology.exists(asked.name())) {
            findings.addAll(destination(asked.name()).findings());
            topology.differences(asked).forEach(each -> findings.add(finding(asked.name(), each)));
        }
        return new DestinationPlan(asked, findings);
    }
}
