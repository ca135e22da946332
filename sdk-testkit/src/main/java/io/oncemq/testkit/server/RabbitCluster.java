package io.oncemq.testkit.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three RabbitMQ nodes in a cluster, as child processes. A quorum queue has a member on each; a minority pauses itself.
 *
 * <p>Single nodes are {@link #node}: kill and start them one at a time. Ports and data stay the same. Thread-safe; methods
 * block until the state they name is reached.
 */
public final class RabbitCluster implements Server {
    private static final int SIZE = 3;

    /** Of the Erlang nodes. */
    private static final Pattern NAME = Pattern.compile("n([0-9])@localhost");

    private final ErlangNames names;
    private final List<RabbitServer> nodes = new ArrayList<>();
    private boolean formed;

    private RabbitCluster(Builder builder) {
        names = new ErlangNames(RabbitInstallation.locate());
        try {
            for (int i = 0; i < SIZE; i++) {
                nodes.add(builder.node(i, names));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A cluster with the defaults of {@link #builder()}, started. */
    public static RabbitCluster started() {
        RabbitCluster cluster = builder().build();
        try {
            cluster.start();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Defaults: as those of {@link RabbitServer#builder()}; a node that is silent for 15 seconds counts as down. */
    public static Builder builder() {
        return new Builder();
    }

    /** The nodes' addresses, as {@code host:port,host:port,host:port}. */
    public String addresses() {
        return nodes.stream().map(node -> node.host() + ":" + node.port()).collect(Collectors.joining(","));
    }

    public List<RabbitServer> nodes() {
        return List.copyOf(nodes);
    }

    public RabbitServer node(int index) {
        return nodes.get(index);
    }

    /** Waits until a quorum queue of the virtual host / has a leader on a node that runs, and tells which node that is. */
    public int leader(String queue) {
        int[] found = {-1};
        Eventually.holds("the quorum queue " + queue + " has a leader", () -> (found[0] = leaderNow(queue)) >= 0);
        return found[0];
    }

    /** Waits until the leader is another than {@code former}, and tells which it is. */
    public int awaitLeaderOtherThan(String queue, int former) {
        int[] found = {-1};
        Eventually.holds("another node than " + former + " leads the quorum queue " + queue, () -> {
            found[0] = leaderNow(queue);
            return found[0] >= 0 && found[0] != former;
        });
        return found[0];
    }

    /** Waits until all members of a quorum queue of the virtual host / serve it, so that the next kill leaves a majority. */
    public void awaitMembers(String queue) {
        Eventually.holds(
                "each node serves the quorum queue " + queue,
                () -> nodes.stream().allMatch(node -> node.isRunning() && leaderAsSeenBy(node, queue) >= 0));
    }

    /** As {@link RabbitServer#settle}, on each node that runs. */
    public void settle() {
        nodes.stream().filter(RabbitServer::isRunning).forEach(RabbitServer::settle);
    }

    private int leaderNow(String queue) {
        return IntStream.range(0, SIZE)
                .filter(index -> nodes.get(index).isRunning() && leaderAsSeenBy(nodes.get(index), queue) == index)
                .findFirst()
                .orElse(-1);
    }

    /** By the queue's member on that node; -1 if it knows none. */
    private static int leaderAsSeenBy(RabbitServer node, String queue) {
        String answer = node.eval("{ok, Queue} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"/\">>, queue, "
                + ErlangCall.binary(queue) + ")), {Name, _} = amqqueue:get_pid(Queue),"
                + " case ra:members({Name, node()}, 2000) of {ok, _, {_, Leader}} -> Leader; _ -> none end");
        Matcher name = NAME.matcher(answer);
        return name.find() ? Integer.parseInt(name.group(1)) : -1;
    }

    /** The first node forms the cluster and the others join it; later starts are of all at once. */
    @Override
    public synchronized void start() {
        if (!formed) {
            nodes.get(0).start();
            formed = true;
        }
        nodes.forEach(RabbitServer::launch);
        nodes.forEach(RabbitServer::awaitReady);
        Eventually.holds(
                "the nodes are one cluster",
                () -> nodes.stream()
                        .allMatch(node ->
                                node.eval("length(rabbit_nodes:list_running())").equals("" + SIZE)));
    }

    @Override
    public void kill() {
        nodes.forEach(RabbitServer::kill);
    }

    /** One after the other. */
    @Override
    public void stop() {
        nodes.forEach(RabbitServer::stop);
    }

    @Override
    public void pause() {
        nodes.forEach(RabbitServer::pause);
    }

    @Override
    public void resume() {
        nodes.forEach(RabbitServer::resume);
    }

    @Override
    public boolean isRunning() {
        return nodes.stream().allMatch(RabbitServer::isRunning);
    }

    @Override
    public String logTail() {
        return nodes.stream().map(RabbitServer::logTail).collect(Collectors.joining("\n\n"));
    }

    @Override
    public void close() {
        nodes.forEach(RabbitServer::close);
        names.close();
    }

    /** Settings of a cluster that does not exist yet. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Object> config = new LinkedHashMap<>();
        private String user = "guest";
        private String password = "guest";

        private Builder() {}

        private RabbitServer node(int index, ErlangNames names) {
            RabbitServer.Builder builder = RabbitServer.builder().named("n" + index, names);
            builder.config("net_ticktime", 15).config("cluster_partition_handling", "pause_minority");
            builder.config("cluster_formation.peer_discovery_backend", "rabbit_peer_discovery_classic_config");
            builder.config("cluster_formation.classic_config.nodes.1", "n0@localhost");
            if (index > 0) {
                builder.config("cluster_formation.classic_config.nodes.2", "n" + index + "@localhost");
            }
            config.forEach(builder::config);
            return builder.user(user, password).build();
        }

        /** A line of {@code rabbitmq.conf} of each node. */
        public Builder config(String key, Object value) {
            config.put(key, value);
            return this;
        }

        /** The only user, who may do everything. */
        public Builder user(String name, String secret) {
            user = name;
            password = secret;
            return this;
        }

        /**
         * @throws ServerException if this machine has no RabbitMQ; the message says how to get one
         */
        public RabbitCluster build() {
            return new RabbitCluster(this);
        }
    }
}
