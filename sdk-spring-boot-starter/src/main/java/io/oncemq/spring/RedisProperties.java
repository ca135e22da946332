package io.oncemq.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** What is particular to the idempotency store on Redis. */
public class RedisProperties {
    /** User of the server's access control list. */
    private @Nullable String username;

    /** Password of that user, or of the default user. */
    private @Nullable String password;

    /** User of the sentinels' access control list. */
    private @Nullable String sentinelUsername;

    /** Password for the sentinels. */
    private @Nullable String sentinelPassword;

    /** Number of the database. */
    private @Nullable Integer database;

    /** Time for one call to connect, and for each answer. Default: 2 s. */
    private @Nullable Duration timeout;

    /** Connections to each server at most. Default: 8. */
    private @Nullable Integer connections;

    /** How long a handled message is at least remembered. Default: 7 days. */
    private @Nullable Duration rememberFor;

    /** Parts of a group's records, fixed at first use. Default: 4. */
    private @Nullable Integer shards;

    /** What every key begins with. Default: oncemq. */
    private @Nullable String keyPrefix;

    /** How much of what was remembered last may be lost when a server dies; DURABLE needs 1 s for appendfsync everysec. */
    private @Nullable Duration acceptLossOf;

    /** Encryption. */
    @NestedConfigurationProperty
    private final TlsProperties tls = new TlsProperties();

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public @Nullable String getSentinelUsername() {
        return sentinelUsername;
    }

    public void setSentinelUsername(@Nullable String sentinelUsername) {
        this.sentinelUsername = sentinelUsername;
    }

    public @Nullable String getSentinelPassword() {
        return sentinelPassword;
    }

    public void setSentinelPassword(@Nullable String sentinelPassword) {
        this.sentinelPassword = sentinelPassword;
    }

    public @Nullable Integer getDatabase() {
        return database;
    }

    public void setDatabase(@Nullable Integer database) {
        this.database = database;
    }

    public @Nullable Duration getTimeout() {
        return timeout;
    }

    public void setTimeout(@Nullable Duration timeout) {
        this.timeout = timeout;
    }

    public @Nullable Integer getConnections() {
        return connections;
    }

    public void setConnections(@Nullable Integer connections) {
        this.connections = connections;
    }

    public @Nullable Duration getRememberFor() {
        return rememberFor;
    }

    public void setRememberFor(@Nullable Duration rememberFor) {
        this.rememberFor = rememberFor;
    }

    public @Nullable Integer getShards() {
        return shards;
    }

    public void setShards(@Nullable Integer shards) {
        this.shards = shards;
    }

    public @Nullable String getKeyPrefix() {
        return keyPrefix;
    }

    public void setKeyPrefix(@Nullable String keyPrefix) {
        this.keyPrefix = keyPrefix;
    }

    public @Nullable Duration getAcceptLossOf() {
        return acceptLossOf;
    }

    public void setAcceptLossOf(@Nullable Duration acceptLossOf) {
        this.acceptLossOf = acceptLossOf;
    }

    public TlsProperties getTls() {
        return tls;
    }
}
