package io.oncemq.testkit.server;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Redis master with 2 replicas, watched by 3 sentinels that promote a replica when it is gone. All are child processes.
 *
 * <p>The methods of {@link Server} act on servers and sentinels at once; {@link #server} gives one. Thread-safe; methods block
 * until the state they name is reached.
 */
public final class RedisSentinel implements Server {
    /** The name under which the sentinels watch the master. */
    public static final String NAME = "mymaster";

    private static final String LOOPBACK = "127.0.0.1";
    /** How many servers there are, and as many sentinels. */
    public static final int SIZE = 3;

    /** Sentinels that did not agree, or whose choice did not answer, try again after twice this time. */
    private static final Duration FAILOVER_TIMEOUT = Duration.ofMillis(2500);

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<SentinelProcess> sentinels = new ArrayList<>();
    private final String password;
    private final String sentinelPassword;
    private final String host;
    private boolean formed;
    private int lastMaster;

    private RedisSentinel(Builder builder) {
        this.host = builder.host;
        this.password = builder.password;
        this.sentinelPassword = builder.sentinelPassword;
        for (int i = 0; i < SIZE; i++) {
            servers.add(builder.server(i == 0 ? -1 : servers.get(0).port()));
        }
        for (int i = 0; i < SIZE; i++) {
            sentinels.add(new SentinelProcess(builder.settings(servers.get(0).port()), sentinelPassword));
        }
    }

    /** With the defaults of {@link #builder()}, started. */
    public static RedisSentinel started() {
        RedisSentinel deployment = builder().build();
        deployment.start();
        return deployment;
    }

    /** Defaults: a master is given up after 1.5 seconds, fsync every second, no passwords. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code redis-sentinel://127.0.0.1:port,…/mymaster}, or the announced host, with the servers' password if one is set. */
    public String uri() {
        return "redis-sentinel://" + (password.isEmpty() ? "" : ":" + password + "@")
                + sentinels.stream()
                        .map(sentinel -> host + ":" + sentinel.port())
                        .collect(Collectors.joining(","))
                + "/" + NAME;
    }

    /** The first began as the master. */
    public RedisServer server(int index) {
        return servers.get(index);
    }

    public int sentinelPort(int index) {
        return sentinels.get(index).port();
    }

    /** The server that all running sentinels name and that calls itself the master; -1 while there is none. */
    public synchronized int master() {
        List<String> named = sentinels.stream()
                .filter(SentinelProcess::isRunning)
                .map(sentinel ->
                        RedisTalk.list(sentinel.port(), sentinelPassword, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME))
                .map(address -> String.valueOf(address.get(1)))
                .distinct()
                .toList();
        return IntStream.range(0, SIZE)
                .filter(i ->
                        named.equals(List.of(Integer.toString(servers.get(i).port()))))
                .filter(i -> servers.get(i).isRunning() && role(i).equals("master"))
                .findFirst()
                .orElse(-1);
    }

    /** Waits until another server than this one is the master. */
    public int awaitMasterOtherThan(int former) {
        int[] found = {-1};
        Eventually.holds("a master other than server " + former, () -> {
            found[0] = master();
            return found[0] >= 0 && found[0] != former;
        });
        return found[0];
    }

    private int awaitMaster() {
        return awaitMasterOtherThan(-1);
    }

    /** Has the sentinels make another server the master, although this one lives, and waits for it. */
    public int failover() {
        int former = awaitMaster();
        RedisTalk.ask(sentinels.get(0).port(), sentinelPassword, "SENTINEL", "FAILOVER", NAME);
        return awaitMasterOtherThan(former);
    }

    /** Waits until every running replica has all that the master has at this moment. */
    public void awaitReplicas() {
        int master = awaitMaster();
        long offset = Long.parseLong(RedisTalk.field(replication(master), "master_repl_offset"));
        Eventually.holds(
                "replicas are in step",
                () -> IntStream.range(0, SIZE)
                        .filter(i -> i != master && servers.get(i).isRunning())
                        .allMatch(i -> linked(i) && offset(i) >= offset));
    }

    private boolean linked(int server) {
        return RedisTalk.field(replication(server), "master_link_status").equals("up");
    }

    private long offset(int server) {
        return Long.parseLong(RedisTalk.field(replication(server), "slave_repl_offset"));
    }

    private String role(int server) {
        return RedisTalk.field(replication(server), "role");
    }

    private String replication(int server) {
        return RedisTalk.text(servers.get(server).port(), password, "INFO", "replication");
    }

    /**
     * Starts what does not run, on its data, and waits until the sentinels know each other, and the master has its replicas. After {@link
     * #kill} and {@link #stop} the same server is the master.
     */
    @Override
    public synchronized void start() {
        start(RedisServer::start);
    }

    /** Kills all, and starts the servers with all data gone. */
    public synchronized void restartEmpty() {
        kill();
        start(RedisServer::restartEmpty);
    }

    private void start(Consumer<RedisServer> starting) {
        try {
            startServers(starting);
            if (!formed) {
                Eventually.holds("both replicas are linked", () -> linked(1) && linked(2));
                formed = true;
            }
            sentinels.forEach(SentinelProcess::start);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        awaitSound();
    }

    /** Their arguments make the first one the master, which is right at the beginning only. */
    private void startServers(Consumer<RedisServer> starting) {
        List<RedisServer> down =
                servers.stream().filter(server -> !server.isRunning()).toList();
        int master = down.size() == SIZE ? lastMaster : master();
        if (!formed || master < 0) {
            down.forEach(starting);
            return;
        }
        RedisServer first = servers.get(master);
        if (down.contains(first)) {
            starting.accept(first);
            follow(first, "NO", "ONE");
        }
        for (RedisServer replica : down) {
            if (replica != first) {
                starting.accept(replica);
                follow(replica, host, Integer.toString(first.port()));
            }
        }
    }

    private void follow(RedisServer server, String hostOrNo, String portOrOne) {
        RedisTalk.ask(server.port(), password, "REPLICAOF", hostOrNo, portOrOne);
    }

    private void rememberMaster() {
        try {
            int master = master();
            lastMaster = master < 0 ? lastMaster : master;
        } catch (UncheckedIOException | ServerException inBetween) {
            // none is known at this moment
        }
    }

    private void awaitSound() {
        for (SentinelProcess sentinel : sentinels) {
            Eventually.holds("sentinel " + sentinel.port() + " knows all others", sentinel::knowsAll);
        }
        awaitReplicas();
    }

    @Override
    public synchronized void kill() {
        rememberMaster();
        sentinels.forEach(SentinelProcess::kill);
        servers.forEach(RedisServer::kill);
    }

    @Override
    public synchronized void stop() {
        rememberMaster();
        sentinels.forEach(SentinelProcess::kill);
        servers.forEach(RedisServer::stop);
    }

    @Override
    public synchronized void pause() {
        sentinels.forEach(SentinelProcess::pause);
        servers.forEach(RedisServer::pause);
    }

    @Override
    public synchronized void resume() {
        servers.forEach(RedisServer::resume);
        sentinels.forEach(SentinelProcess::resume);
        awaitSound();
    }

    /** Freezes one sentinel; it continues with {@link #resume}. */
    public synchronized void pauseSentinel(int index) {
        sentinels.get(index).pause();
    }

    public synchronized void resumeSentinel(int index) {
        sentinels.get(index).resume();
    }

    public synchronized void killSentinel(int index) {
        sentinels.get(index).kill();
    }

    /** Whether everything lives. */
    @Override
    public synchronized boolean isRunning() {
        return servers.stream().allMatch(RedisServer::isRunning)
                && sentinels.stream().allMatch(SentinelProcess::isRunning);
    }

    @Override
    public synchronized String logTail() {
        return Stream.concat(
                        servers.stream().map(RedisServer::logTail),
                        sentinels.stream().map(SentinelProcess::logTail))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public synchronized void close() {
        sentinels.forEach(SentinelProcess::close);
        servers.forEach(RedisServer::close);
    }

    /** Settings of a deployment that does not exist yet. Not thread-safe. */
    public static final class Builder {
        private Duration downAfter = Duration.ofMillis(1500);
        private RedisServer.Fsync fsync = RedisServer.Fsync.EVERYSEC;
        private String password = "";
        private String sentinelPassword = "";
        private String host = LOOPBACK;

        private Builder() {}

        /** After how long a silent master is given up. */
        public Builder downAfter(Duration time) {
            downAfter = time;
            return this;
        }

        public Builder appendFsync(RedisServer.Fsync value) {
            fsync = value;
            return this;
        }

        /**
         * Servers and sentinels name this host in place of 127.0.0.1, to clients and to each other: such as {@code localhost}, which may be
         * something else to a client.
         */
        public Builder announce(String name) {
            host = name;
            return this;
        }

        /** The password of the servers. */
        public Builder password(String value) {
            password = value;
            return this;
        }

        /** The password of the sentinels. */
        public Builder sentinelPassword(String value) {
            sentinelPassword = value;
            return this;
        }

        private RedisServer server(int master) {
            RedisServer.Builder server = RedisServer.builder()
                    .binary(RedisBinary.locate())
                    .appendFsync(fsync)
                    .password(password)
                    .argument("repl-diskless-sync-delay", "0");
            if (!password.isEmpty()) {
                server.argument("masterauth", password);
            }
            if (master >= 0) {
                server.replicaOf(master);
            }
            if (!host.equals(LOOPBACK)) {
                server.announce(host);
            }
            return server.build();
        }

        private List<String> settings(int master) {
            List<String> settings = new ArrayList<>();
            if (!host.equals(LOOPBACK)) {
                settings.addAll(List.of(
                        "bind 127.0.0.1 -::1", "sentinel resolve-hostnames yes", "sentinel announce-hostnames yes"));
            }
            settings.addAll(List.of(
                    "sentinel monitor " + NAME + " " + host + " " + master + " 2",
                    "sentinel down-after-milliseconds " + NAME + " " + downAfter.toMillis(),
                    "sentinel failover-timeout " + NAME + " " + FAILOVER_TIMEOUT.toMillis(),
                    "sentinel parallel-syncs " + NAME + " 2"));
            if (!password.isEmpty()) {
                settings.add("sentinel auth-pass " + NAME + " " + password);
            }
            if (!sentinelPassword.isEmpty()) {
                settings.add("requirepass " + sentinelPassword);
                settings.add("sentinel sentinel-pass " + sentinelPassword);
            }
            return settings;
        }

        /** Finds or fetches the binary and reserves ports; nothing runs yet. */
        public RedisSentinel build() {
            return new RedisSentinel(this);
        }
    }
}
