package io.oncemq.redis;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The master that the sentinels agree on. They are asked every second while the store is in use, and at once when the master
 * failed or refuses to be one. A sentinel that was cut off may still name the old master, so the answer of the highest
 * configuration epoch counts; and a server is believed to be the master only while its own ROLE says so, which every new
 * connection asks. An epoch below one that was seen is believed only if every sentinel says so. Sentinels that all keep silent
 * change nothing.
 */
final class SentinelMaster implements Topology {
    private static final Logger LOG = LoggerFactory.getLogger(SentinelMaster.class);
    private static final long ASK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final List<Sentinel> sentinels;
    private final Dialer dialer;
    private final int connections;
    private final String name;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Connections master;
    private volatile @Nullable RuntimeException trouble;
    private volatile boolean doubted = true;
    private volatile boolean closed;
    private volatile long askAt;
    private long highestEpoch;

    SentinelMaster(RedisOptions options, Dialer dialer) {
        this.dialer = dialer;
        this.connections = options.connections();
        this.name = options.deployment().master();
        this.sentinels = options.deployment().addresses().stream()
                .map(address -> new Sentinel(address, dialer))
                .toList();
    }

    /** @throws StoreUnavailableException if the server does not call itself a master */
    static void requireMaster(Connection connection) {
        List<Object> role = Replies.list(connection.executeCommand(new CommandArguments(Command.ROLE)));
        if (role.isEmpty() || !Replies.text(role.get(0)).equals("master")) {
            throw new StoreUnavailableException(connection.getHostAndPort() + " is not a master", null);
        }
    }

    @Override
    public void refresh() {
        if (!due()) {
            return;
        }
        if (doubted || master == null) {
            asking.lock();
        } else if (!asking.tryLock()) {
            return;
        }
        try {
            if (due() && !closed) {
                ask();
            }
        } finally {
            asking.unlock();
        }
    }

    private boolean due() {
        return doubted || askAt - System.nanoTime() <= 0;
    }

    private void ask() {
        Sentinel.Word best = null;
        RuntimeException refusal = null;
        int answered = 0;
        for (Sentinel sentinel : sentinels) {
            try {
                Sentinel.Word word = sentinel.ask(name, doubted);
                answered += word == null ? 0 : 1;
                if (word != null && (best == null || word.epoch() > best.epoch())) {
                    best = word;
                }
            } catch (JedisException | ConfigurationException e) {
                refusal = e;
            }
        }
        if (best != null && (best.epoch() >= highestEpoch || answered == sentinels.size())) {
            highestEpoch = best.epoch();
            follow(best.master());
        } else if (refusal != null) {
            trouble = refusal;
        }
        askAt = System.nanoTime() + ASK_EVERY_NANOS;
    }

    private void follow(HostAndPort named) {
        Connections known = master;
        if (known != null && known.address().equals(named)) {
            doubted = false;
            return;
        }
        Connections next = new Connections(named, dialer, connections, SentinelMaster::requireMaster);
        try {
            next.use(connection -> connection);
            LOG.info("the sentinels name {} as {}", named, name);
            master = next;
            trouble = null;
            doubted = false;
        } catch (RuntimeException notYet) {
            // Whom the sentinels have deposed must not be written to, though the new one is not ready.
            next.close();
            master = null;
            trouble = notYet;
        }
        if (known != null) {
            known.close();
        }
    }

    @Override
    public Connections serving(int slot) {
        Connections current = master;
        if (current == null) {
            RuntimeException reason = trouble;
            throw new StoreUnavailableException(
                    "no master " + name + " is known" + (reason == null ? "" : ": " + reason.getMessage()), reason);
        }
        return current;
    }

    @Override
    public List<Connections> masters() {
        return List.of(serving(0));
    }

    @Override
    public void doubt(Connections server) {
        if (server == master) {
            doubted = true;
        }
    }

    @Override
    public void moved(int slot, HostAndPort to, Connections teller) {
        doubt(teller);
    }

    @Override
    public void close() {
        closed = true;
        asking.lock();
        try {
            sentinels.forEach(Sentinel::close);
            Connections current = master;
            if (current != null) {
                current.close();
            }
        } finally {
            asking.unlock();
        }
    }
}
