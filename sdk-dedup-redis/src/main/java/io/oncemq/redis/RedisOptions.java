package io.oncemq.redis;

import io.oncemq.Tls;
import io.oncemq.redis.Deployment.Kind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/** What a store is opened with; checked. */
record RedisOptions(
        Deployment deployment,
        Login login,
        Login sentinelLogin,
        @Nullable Tls tls,
        int database,
        Duration timeout,
        int connections,
        Duration rememberFor,
        int shards,
        String keyPrefix,
        Duration acceptedLoss) {

    /** Ends are 48 bits of milliseconds; what lies beyond would wrap round to the past. */
    private static final Duration LONGEST_MEMORY = Duration.ofDays(36_500);

    RedisOptions {
        Refusal.unless(database >= 0, "database", database, "is negative", "Give the number of a database");
        Refusal.unless(
                database == 0 || deployment.kind() != Kind.CLUSTER,
                "database",
                database,
                "does not exist in a cluster",
                "Leave it at 0");
        Refusal.unless(
                timeout.toMillis() > 0 && timeout.toMillis() <= Integer.MAX_VALUE,
                "timeout",
                timeout,
                "is out of range",
                "Give at least 1 ms, such as 2 s");
        Refusal.unless(connections > 0, "connections", connections, "leaves no connection", "Give 1 or more");
        Refusal.unless(
                rememberFor.compareTo(LONGEST_MEMORY) <= 0,
                "rememberFor",
                rememberFor,
                "is longer than the time that a record can hold",
                "Give at most " + LONGEST_MEMORY.toDays() + " days");
        Refusal.unless(
                rememberFor.toMillis() >= 1000,
                "rememberFor",
                rememberFor,
                "is too short to tell duplicates",
                "Give a time above the broker's redelivery horizon");
        Refusal.unless(
                shards >= 1 && shards <= 1024,
                "shards",
                shards,
                "is out of range",
                "Give 1 to 1024; more shards than cores of the Redis servers bring nothing");
        Refusal.unless(!acceptedLoss.isNegative(), "acceptLossOf", acceptedLoss, "is negative", "Give for example 1 s");
        Refusal.unless(!keyPrefix.isBlank(), "keyPrefix", "''", "is blank", "Give a name or leave the default");
    }

    /** Options on their way; the defaults stand here. */
    static final class Draft {
        Deployment deployment = new Deployment(Kind.SERVER, List.of(new HostAndPort("localhost", 6379)), "");
        Login login = Login.NONE;
        Login sentinelLogin = Login.NONE;

        @Nullable
        Tls tls;

        int database;
        Duration timeout = Duration.ofSeconds(2);
        int connections = 8;
        Duration rememberFor = Duration.ofDays(7);
        int shards = 4;
        String keyPrefix = "oncemq";
        Duration acceptedLoss = Duration.ZERO;

        RedisOptions checked() {
            return new RedisOptions(
                    deployment,
                    login,
                    sentinelLogin,
                    tls,
                    database,
                    timeout,
                    connections,
                    rememberFor,
                    shards,
                    keyPrefix,
                    acceptedLoss);
        }
    }

    Draft change() {
        Draft draft = new Draft();
        draft.deployment = deployment;
        draft.login = login;
        draft.sentinelLogin = sentinelLogin;
        draft.tls = tls;
        draft.database = database;
        draft.timeout = timeout;
        draft.connections = connections;
        draft.rememberFor = rememberFor;
        draft.shards = shards;
        draft.keyPrefix = keyPrefix;
        draft.acceptedLoss = acceptedLoss;
        return draft;
    }

    /** Without credentials. */
    String address() {
        return deployment.uri(tls != null, database);
    }

    @Override
    public String toString() {
        return "RedisIdempotency[" + address() + (login.password() == null ? "" : ", password=***") + ", timeout="
                + timeout + ", connections=" + connections + ", rememberFor=" + rememberFor + ", shards=" + shards
                + ", keyPrefix=" + keyPrefix + "]";
    }
}
