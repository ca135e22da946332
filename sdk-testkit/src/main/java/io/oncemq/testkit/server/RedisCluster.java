package io.oncemq.testkit.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Redis cluster of child processes: masters that share the slots evenly, and replicas if asked for. Masters whose slots nobody
 * serves do not stop the others ({@code cluster-require-full-coverage no}).
 *
 * <p>The methods of {@link Server} act on all nodes at once; {@link #node} gives one. Thread-safe; methods block until the state
 * they name is reached.
 */
public final class RedisCluster implements Server {
    private static final int SLOTS = 16384;

    private final List<RedisServer> nodes = new ArrayList<>();
    private final int masters;
    private final String password;
    private boolean formed;

    private RedisCluster(Builder builder) {
        this.masters = builder.masters;
        this.password = builder.password;
        for (int i = 0; i < masters * (1 + builder.replicas); i++) {
            nodes.add(builder.node());
        }
    }

    /** 3 masters without replicas, started. */
    public static RedisCluster started() {
        RedisCluster cluster = builder().build();
        cluster.start();
        return cluster;
    }

    /** Defaults: 3 masters, no replicas, nodes given up after 5 seconds, fsync every second, no password. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code redis-cluster://127.0.0.1:port,…} with all nodes, and the password if one is set. */
    public String uri() {
        return "redis-cluster://" + (password.isEmpty() ? "" : ":" + password + "@")
                + nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
    }

    /** The first are the masters that the cluster began with, then their replicas, in the same order. */
    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    public RedisServer node(int index) {
        return nodes.get(index);
    }

    /** The node that serves a slot, as the nodes that run see it; -1 if they do not agree, or it does not run. */
    public synchronized int owner(int slot) {
        List<Integer> ports =
                running().map(node -> ownerPort(node, slot)).distinct().toList();
        return ports.size() == 1 ? index(ports.get(0)) : -1;
    }

    /** Waits until another node than this one serves the slot. */
    public int awaitOwnerOtherThan(int slot, int former) {
        int[] found = {-1};
        Eventually.holds("slot " + slot + " leaves node " + former, () -> {
            found[0] = owner(slot);
            return found[0] >= 0
                    && found[0] != former
                    && ask(found[0], "CLUSTER", "INFO").contains("cluster_state:ok");
        });
        return found[0];
    }

    /** Waits until the replicas of a master have all that it has at this moment. */
    public void awaitReplicas(int master) {
        String port = Integer.toString(node(master).port());
        long offset = Long.parseLong(RedisTalk.field(replication(node(master)), "master_repl_offset"));
        Eventually.holds(
                "replicas of node " + master + " are in step",
                () -> running()
                        .map(this::replication)
                        .filter(state -> RedisTalk.field(state, "master_port").equals(port))
                        .allMatch(state ->
                                RedisTalk.field(state, "master_link_status").equals("up")
                                        && Long.parseLong(RedisTalk.field(state, "slave_repl_offset")) >= offset));
    }

    private String replication(RedisServer node) {
        return RedisTalk.text(node.port(), password, "INFO", "replication");
    }

    /** Marks a slot as on its way: the first step of moving it. Keys stay where they are. */
    public synchronized void beginMove(int slot, int from, int to) {
        ask(to, "CLUSTER", "SETSLOT", Integer.toString(slot), "IMPORTING", id(from));
        ask(from, "CLUSTER", "SETSLOT", Integer.toString(slot), "MIGRATING", id(to));
    }

    /**
     * Moves some keys of a slot that is on its way.
     *
     * @return how many were moved; 0 if none is left
     */
    public synchronized int moveKeys(int slot, int from, int to, int most) {
        List<?> keys = RedisTalk.list(
                node(from).port(),
                password,
                "CLUSTER",
                "GETKEYSINSLOT",
                Integer.toString(slot),
                Integer.toString(most));
        if (!keys.isEmpty()) {
            List<String> words = new ArrayList<>(
                    List.of("MIGRATE", "127.0.0.1", Integer.toString(node(to).port()), "", "0", "10000"));
            if (!password.isEmpty()) {
                words.addAll(List.of("AUTH", password));
            }
            words.add("KEYS");
            keys.forEach(key -> words.add(String.valueOf(key)));
            ask(from, words.toArray(String[]::new));
        }
        return keys.size();
    }

    /** Gives the slot to its new node: the last step. */
    public synchronized void endMove(int slot, int to) {
        String[] words = {"CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", id(to)};
        ask(to, words);
        for (int master = 0; master < masters; master++) {
            if (master != to && node(master).isRunning()) {
                ask(master, words);
            }
        }
    }

    /** Starts all nodes, forms the cluster if it is new, and waits until every node finds it sound. */
    @Override
    public synchronized void start() {
        try {
            nodes.forEach(RedisServer::start);
            if (!formed) {
                form();
                formed = true;
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        awaitSound();
    }

    private void form() {
        int each = (SLOTS + masters - 1) / masters;
        for (int i = 0; i < nodes.size(); i++) {
            ask(i, "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            if (i < masters) {
                ask(i, addSlots(i * each, Math.min(SLOTS, (i + 1) * each)));
            }
            if (i > 0) {
                ask(i, "CLUSTER", "MEET", "127.0.0.1", Integer.toString(node(0).port()));
            }
        }
        for (int replica = masters; replica < nodes.size(); replica++) {
            int index = replica;
            String master = id(replica % masters);
            Eventually.holds(
                    "node " + index + " knows its master",
                    () -> ask(index, "CLUSTER", "REPLICATE", master).equals("OK"));
        }
    }

    private static String[] addSlots(int from, int to) {
        return Stream.concat(
                        Stream.of("CLUSTER", "ADDSLOTS"),
                        IntStream.range(from, to).mapToObj(Integer::toString))
                .toArray(String[]::new);
    }

    private void awaitSound() {
        for (RedisServer node : nodes) {
            Eventually.holds("the cluster is sound for port " + node.port(), () -> sound(node));
        }
    }

    private boolean sound(RedisServer node) {
        String state = RedisTalk.text(node.port(), password, "CLUSTER", "INFO");
        String replication = replication(node);
        boolean linked = !RedisTalk.field(replication, "role").equals("slave")
                || RedisTalk.field(replication, "master_link_status").equals("up");
        return linked
                && RedisTalk.field(state, "cluster_state").equals("ok")
                && RedisTalk.field(state, "cluster_slots_ok").equals(Integer.toString(SLOTS))
                && RedisTalk.field(state, "cluster_known_nodes").equals(Integer.toString(nodes.size()));
    }

    private String ask(int node, String... words) {
        return RedisTalk.text(node(node).port(), password, words);
    }

    private String id(int node) {
        return ask(node, "CLUSTER", "MYID");
    }

    private Stream<RedisServer> running() {
        return nodes.stream().filter(RedisServer::isRunning);
    }

    private int ownerPort(RedisServer teller, int slot) {
        for (Object entry : RedisTalk.list(teller.port(), password, "CLUSTER", "SLOTS")) {
            List<?> range = (List<?>) entry;
            if ((Long) range.get(0) <= slot && slot <= (Long) range.get(1)) {
                return ((Long) ((List<?>) range.get(2)).get(1)).intValue();
            }
        }
        return -1;
    }

    private int index(int port) {
        return IntStream.range(0, nodes.size())
                .filter(i -> node(i).port() == port && node(i).isRunning())
                .findFirst()
                .orElse(-1);
    }

    @Override
    public synchronized void kill() {
        nodes.forEach(RedisServer::kill);
    }

    @Override
    public synchronized void stop() {
        nodes.forEach(RedisServer::stop);
    }

    @Override
    public synchronized void pause() {
        nodes.forEach(RedisServer::pause);
    }

    @Override
    public synchronized void resume() {
        nodes.forEach(RedisServer::resume);
        awaitSound();
    }

    /** Whether every node lives. */
    @Override
    public synchronized boolean isRunning() {
        return nodes.stream().allMatch(RedisServer::isRunning);
    }

    @Override
    public synchronized String logTail() {
        return nodes.stream().map(RedisServer::logTail).collect(Collectors.joining("\n"));
    }

    @Override
    public synchronized void close() {
        nodes.forEach(RedisServer::close);
    }

    /** Settings of a cluster that does not exist yet. Not thread-safe. */
    public static final class Builder {
        private final List<String[]> arguments = new ArrayList<>();
        private int masters = 3;
        private int replicas;
        private Duration nodeTimeout = Duration.ofSeconds(5);
        private RedisServer.Fsync fsync = RedisServer.Fsync.EVERYSEC;
        private String password = "";

        private Builder() {}

        public Builder masters(int count) {
            masters = count;
            return this;
        }

        /** How many replicas each master has. */
        public Builder replicas(int count) {
            replicas = count;
            return this;
        }

        /** After how long a silent node is given up, and its replica promoted. */
        public Builder nodeTimeout(Duration time) {
            nodeTimeout = time;
            return this;
        }

        public Builder appendFsync(RedisServer.Fsync value) {
            fsync = value;
            return this;
        }

        /** The password that clients need. */
        public Builder password(String value) {
            password = value;
            return this;
        }

        /** Any further setting of every node. */
        public Builder argument(String name, String value) {
            arguments.add(new String[] {name, value});
            return this;
        }

        private RedisServer node() {
            RedisServer.Builder node = RedisServer.builder()
                    .clustered()
                    .appendFsync(fsync)
                    .password(password)
                    .argument("cluster-enabled", "yes")
                    .argument("cluster-config-file", "nodes.conf")
                    .argument("cluster-node-timeout", Long.toString(nodeTimeout.toMillis()))
                    .argument("cluster-replica-validity-factor", "0")
                    .argument("cluster-require-full-coverage", "no")
                    .argument("repl-diskless-sync-delay", "0");
            if (!password.isEmpty()) {
                node.argument("masterauth", password);
            }
            arguments.forEach(argument -> node.argument(argument[0], argument[1]));
            return node.build();
        }

        /** Finds or fetches the binary and reserves ports; nothing runs yet. */
        public RedisCluster build() {
            return new RedisCluster(this);
        }
    }
}
