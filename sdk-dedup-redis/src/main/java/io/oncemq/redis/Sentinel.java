package io.oncemq.redis;

import io.oncemq.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** One sentinel and the connection to it. One that did not answer is left alone for a while. Not thread-safe. */
final class Sentinel {
    private static final long REST_NANOS = Duration.ofSeconds(10).toNanos();

    /** @param epoch grows with every failover */
    record Word(HostAndPort master, long epoch) {}

    private final HostAndPort address;
    private final Dialer dialer;
    private @Nullable Connection connection;
    private boolean silent;
    private long restUntil;

    Sentinel(HostAndPort address, Dialer dialer) {
        this.address = address;
        this.dialer = dialer;
    }

    /**
     * Whom it names; null if it does not answer, or rests.
     *
     * @param urgent whether to ask it although it was silent a second ago
     * @throws JedisDataException if it refuses to answer
     * @throws ConfigurationException if it knows no master of this name
     */
    @Nullable
    Word ask(String name, boolean urgent) {
        long pause = urgent ? REST_NANOS / 10 * 9 : 0;
        if (silent && restUntil - pause - System.nanoTime() > 0) {
            return null;
        }
        try {
            Connection open = connection == null ? dialer.sentinel(address) : connection;
            connection = open;
            Word word = ask(open, name);
            silent = false;
            return word;
        } catch (JedisConnectionException e) {
            silent = true;
            restUntil = System.nanoTime() + REST_NANOS;
            close();
            return null;
        }
    }

    private Word ask(Connection open, String name) {
        Map<String, String> state = Map.of();
        try {
            state = Replies.pairs(open.executeCommand(
                    new CommandArguments(Command.SENTINEL).add("MASTER").add(name)));
        } catch (JedisDataException e) {
            if (!String.valueOf(e.getMessage()).contains("No such master")) {
                throw e;
            }
        }
        // The master's own entry lags behind this answer by some moments of a failover.
        List<Object> place = Replies.list(open.executeCommand(new CommandArguments(Command.SENTINEL)
                .add("GET-MASTER-ADDR-BY-NAME")
                .add(name)));
        if (place.size() < 2) {
            throw new ConfigurationException(
                    "master", name, "the sentinel " + address + " watches no master of this name", "Correct the name");
        }
        HostAndPort master = new HostAndPort(Replies.text(place.get(0)), Integer.parseInt(Replies.text(place.get(1))));
        return new Word(master, Long.parseLong(state.getOrDefault("config-epoch", "0")));
    }

    void close() {
        if (connection != null) {
            Dialer.discard(connection);
            connection = null;
        }
    }
}
