package io.oncemq.redis;

import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The slots of a cluster and their masters, as some node sees them. A MOVED answer corrects one slot at once and has the map read
 * again, from the node that was named, since the others may not have heard yet; a node that failed has it read from another one;
 * and without any reason it is read every 5 seconds while the store is in use.
 */
final class ClusterMap implements Topology {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMap.class);
    private static final long READ_EVERY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long NOT_BEFORE_NANOS = Duration.ofMillis(20).toNanos();

    private final List<HostAndPort> seeds;
    private final Dialer dialer;
    private final int most;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Connections[] slots = new Connections[SLOTS];
    private volatile Map<HostAndPort, Connections> nodes = Map.of();
    private volatile @Nullable HostAndPort named;
    private volatile @Nullable RuntimeException trouble;
    private volatile boolean doubted = true;
    private volatile boolean closed;
    private volatile long readAt;
    private volatile long notBefore = System.nanoTime();

    ClusterMap(RedisOptions options, Dialer dialer) {
        this.seeds = options.deployment().addresses();
        this.dialer = dialer;
        this.most = options.connections();
    }

    @Override
    public void refresh() {
        if (!due()) {
            return;
        }
        if (nodes.isEmpty()) {
            reading.lock();
        } else if (!reading.tryLock()) {
            return;
        }
        try {
            if (due() && !closed) {
                read();
            }
        } finally {
            reading.unlock();
        }
    }

    private boolean due() {
        long now = System.nanoTime();
        return doubted ? notBefore - now <= 0 : readAt - now <= 0;
    }

    private void read() {
        doubted = false;
        long giveUp = System.nanoTime() + dialer.timeout().toNanos();
        for (HostAndPort address : order()) {
            try {
                take(slotsOf(address), address);
                trouble = null;
                break;
            } catch (JedisException | StoreUnavailableException e) {
                trouble = e;
                doubted = true;
            }
            if (giveUp - System.nanoTime() <= 0) {
                break;
            }
        }
        named = null;
        long now = System.nanoTime();
        notBefore = now + NOT_BEFORE_NANOS;
        readAt = now + READ_EVERY_NANOS;
    }

    /** Those that are likely to answer, and to be right, first. */
    private Set<HostAndPort> order() {
        Set<HostAndPort> order = new LinkedHashSet<>();
        HostAndPort first = named;
        if (first != null) {
            order.add(first);
        }
        List<HostAndPort> silent = new ArrayList<>();
        for (Connections node : nodes.values()) {
            (node.failing() ? silent : order).add(node.address());
        }
        seeds.stream().filter(seed -> !silent.contains(seed)).forEach(order::add);
        order.addAll(silent);
        return order;
    }

    private List<Object> slotsOf(HostAndPort address) {
        Connections known = nodes.get(address);
        if (known != null) {
            return ask(known);
        }
        try (Connections stranger = new Connections(address, dialer, 1, connection -> {})) {
            return ask(stranger);
        }
    }

    private static List<Object> ask(Connections node) {
        return Replies.list(node.use(
                true, connection -> connection.executeCommand(new CommandArguments(Command.CLUSTER).add("SLOTS"))));
    }

    /** Ranges of slots: first, last, the master's host, port and more, then replicas. */
    private void take(List<Object> ranges, HostAndPort teller) {
        Map<HostAndPort, Connections> before = nodes;
        Map<HostAndPort, Connections> now = new HashMap<>();
        Connections[] next = new Connections[SLOTS];
        for (Object entry : ranges) {
            List<Object> range = Replies.list(entry);
            HostAndPort master = address(Replies.list(range.get(2)), teller);
            Connections node = now.computeIfAbsent(master, address -> known(before, address));
            for (long slot = (Long) range.get(0); slot <= (Long) range.get(1); slot++) {
                next[(int) slot] = node;
            }
        }
        if (!now.keySet().equals(before.keySet())) {
            LOG.info("the masters of the Redis cluster change: masters={}", now.keySet());
        }
        slots = next;
        nodes = Map.copyOf(now);
        before.forEach((address, node) -> {
            if (!now.containsKey(address)) {
                node.close();
            }
        });
    }

    /** A node that does not know its own address is where it was asked. */
    private static HostAndPort address(List<Object> node, HostAndPort teller) {
        Object host = node.get(0);
        String name = host == null ? "" : Replies.text(host);
        boolean unknown = name.isEmpty() || name.equals("?");
        return new HostAndPort(unknown ? teller.getHost() : name, ((Long) node.get(1)).intValue());
    }

    private Connections known(Map<HostAndPort, Connections> before, HostAndPort address) {
        Connections node = before.get(address);
        return node != null ? node : new Connections(address, dialer, most, connection -> {});
    }

    @Override
    public Connections serving(int slot) {
        Connections node = slots[slot];
        if (node == null) {
            doubted = true;
            RuntimeException reason = trouble;
            throw new StoreUnavailableException(
                    "no node of the cluster serves slot " + slot + (reason == null ? "" : ": " + reason.getMessage()),
                    reason);
        }
        return node;
    }

    @Override
    public List<Connections> masters() {
        return List.copyOf(nodes.values());
    }

    @Override
    public void doubt(Connections server) {
        doubted = true;
    }

    @Override
    public void moved(int slot, HostAndPort to, Connections teller) {
        String host = to.getHost().isEmpty() ? teller.address().getHost() : to.getHost();
        HostAndPort target = new HostAndPort(host, to.getPort());
        reading.lock();
        try {
            if (!closed) {
                Map<HostAndPort, Connections> known = new HashMap<>(nodes);
                Connections node = known.computeIfAbsent(target, address -> known(nodes, address));
                Connections[] next = slots.clone();
                next[slot] = node;
                nodes = Map.copyOf(known);
                slots = next;
            }
        } finally {
            reading.unlock();
        }
        named = target;
        doubted = true;
    }

    @Override
    public void close() {
        closed = true;
        reading.lock();
        try {
            nodes.values().forEach(Connections::close);
        } finally {
            reading.unlock();
        }
    }
}
