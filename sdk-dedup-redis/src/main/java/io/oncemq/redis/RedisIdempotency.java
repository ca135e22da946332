package io.oncemq.redis;

import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.IdempotencyStoreFactory;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Options of the idempotency store on one Redis (6.2 or newer) or Valkey server. Defaults: no password, database 0, a time-out
 * of 2 seconds, 8 connections, records remembered for 7 days, 4 shards, keys that start with {@code oncemq}.
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
     * The server, as {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://} for TLS by the JVM's trust
     * store.
     */
    public static RedisIdempotency at(String uri) {
        return new RedisIdempotency(RedisOptions.draft(uri).checked());
    }

    /** The password of the server's default user. */
    public RedisIdempotency password(String password) {
        return with(draft -> {
            draft.user = null;
            draft.password = password;
        });
    }

    /** A user of the server's access control list. */
    public RedisIdempotency credentials(String user, String password) {
        return with(draft -> {
            draft.user = user;
            draft.password = password;
        });
    }

    public RedisIdempotency database(int number) {
        return with(draft -> draft.database = number);
    }

    /** For how long one call may wait for a free connection, for a new one, and for each answer. */
    public RedisIdempotency timeout(Duration timeout) {
        return with(draft -> draft.timeout = timeout);
    }

    /** How many connections are open at most; they are opened as needed. */
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
