package io.oncemq.redis;

import io.oncemq.Tls;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.IdempotencyStoreFactory;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Options of the idempotency store on Redis (6.2 or newer) or Valkey: one server, a master that sentinels watch, or a cluster.
 * Defaults: no password, database 0, a time-out of 2 seconds, 8 connections per server, records remembered for 7 days, 4 shards,
 * keys that start with {@code oncemq}.
 *
 * <p>Immutable and thread-safe: each option returns a changed copy, and refuses a value that cannot be used with a
 * {@link io.oncemq.ConfigurationException} that names it. {@link #toString} shows no credentials.
 */
public final class RedisIdempotency implements IdempotencyStoreFactory {
    private final RedisOptions options;

    private RedisIdempotency(RedisOptions options) {
        this.options = options;
    }

    /**
     * By a URI, with percent-encoded credentials of the servers that keep the data:
     *
     * <ul>
     *   <li>{@code redis://[[user]:password@]host[:port][/database]}: one server. Is it a node of a cluster, the store finds the
     *       others.
     *   <li>{@code redis-sentinel://[[user]:password@]host[:port],host[:port]/master[/database]}: the master that these sentinels
     *       name, now and after a failover.
     *   <li>{@code redis-cluster://[[user]:password@]host[:port],host[:port]}: a cluster, by any of its nodes.
     * </ul>
     *
     * <p>{@code rediss://}, {@code rediss-sentinel://} and {@code rediss-cluster://} speak TLS, to sentinels as well, by the JVM's
     * trust store unless {@link #tls} says otherwise.
     */
    public static RedisIdempotency at(String uri) {
        return new RedisIdempotency(RedisUri.draft(uri).checked());
    }

    /**
     * The master that sentinels watch. Name all sentinels: one that is missing here is not asked.
     *
     * @param master the name under which they watch it
     * @param sentinels each as {@code host} or {@code host:port}
     */
    public static RedisIdempotency sentinel(String master, String... sentinels) {
        return at("redis-sentinel://" + String.join(",", sentinels) + "/" + master);
    }

    /** A cluster, by some of its nodes, each as {@code host} or {@code host:port}; the others are found. */
    public static RedisIdempotency cluster(String... nodes) {
        return at("redis-cluster://" + String.join(",", nodes));
    }

    /** The password of the server's default user. */
    public RedisIdempotency password(String password) {
        return with(draft -> draft.login = new Login(null, password));
    }

    /** A user of the servers' access control list; what it must be allowed to do stands in docs/redis.md. */
    public RedisIdempotency credentials(String user, String password) {
        return with(draft -> draft.login = new Login(user, password));
    }

    /** The password of the sentinels' default user; without it sentinels are asked without a password. */
    public RedisIdempotency sentinelPassword(String password) {
        return with(draft -> draft.sentinelLogin = new Login(null, password));
    }

    /** A user of the sentinels' own access control list. */
    public RedisIdempotency sentinelCredentials(String user, String password) {
        return with(draft -> draft.sentinelLogin = new Login(user, password));
    }

    /** Encrypts, to sentinels as well. Its files are read by {@link #open}, which refuses one that cannot be used by its name. */
    public RedisIdempotency tls(Tls tls) {
        return with(draft -> draft.tls = tls);
    }

    public RedisIdempotency database(int number) {
        return with(draft -> draft.database = number);
    }

    /** For how long one call may wait for a free connection, for a new one, and for each answer. */
    public RedisIdempotency timeout(Duration timeout) {
        return with(draft -> draft.timeout = timeout);
    }

    /** How many connections to each server are open at most; they are opened as needed. */
    public RedisIdempotency connections(int most) {
        return with(draft -> draft.connections = most);
    }

    /**
     * For how long a message is at least remembered after its last change; half as long again at most. Choose it above the
     * time after which the broker, or a manual replay, can still deliver a message again.
     */
    public RedisIdempotency rememberFor(Duration time) {
        return with(draft -> draft.rememberFor = time);
    }

    /** Into how many parts a group's records are divided. Fixed when a group is first used; another number is refused then. */
    public RedisIdempotency shards(int count) {
        return with(draft -> draft.shards = count);
    }

    /** What every key starts with. */
    public RedisIdempotency keyPrefix(String prefix) {
        return with(draft -> draft.keyPrefix = prefix);
    }

    /**
     * Declares how much of what was remembered last may be lost when a server dies; nothing by default. Under
     * {@link io.oncemq.Profile#DURABLE} a server with {@code appendfsync everysec} needs a second or more: messages that were
     * done within that time are then handled again if the broker delivers them again.
     */
    public RedisIdempotency acceptLossOf(Duration time) {
        return with(draft -> draft.acceptedLoss = time);
    }

    /** For how long a message is at least remembered. */
    public Duration rememberFor() {
        return options.rememberFor();
    }

    @Override
    public IdempotencyStore open() {
        return RedisStore.open(options);
    }

    private RedisIdempotency with(Consumer<RedisOptions.Draft> change) {
        RedisOptions.Draft draft = options.change();
        change.accept(draft);
        return new RedisIdempotency(draft.checked());
    }

    @Override
    public String toString() {
        return options.toString();
    }
}
