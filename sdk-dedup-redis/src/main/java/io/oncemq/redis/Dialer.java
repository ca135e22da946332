package io.oncemq.redis;

import io.oncemq.Tls;
import io.oncemq.spi.TlsContexts;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisProtocol;

/** Opens connections, to servers that keep data and to sentinels. Thread-safe. */
final class Dialer {
    /** What a server that has just failed is given to answer, as a part of the time-out. */
    private static final int HASTE = 4;

    private final JedisClientConfig data;
    private final JedisClientConfig hasty;
    private final JedisClientConfig sentinel;
    private final int timeoutMillis;

    Dialer(RedisOptions options) {
        this.timeoutMillis = (int) options.timeout().toMillis();
        int haste = Math.max(1, timeoutMillis / HASTE);
        SSLSocketFactory encrypted = encrypted(options.tls());
        this.data = config(options, encrypted, options.login(), timeoutMillis)
                .database(options.database())
                .build();
        this.hasty = config(options, encrypted, options.login(), haste)
                .database(options.database())
                .build();
        this.sentinel = config(options, encrypted, options.sentinelLogin(), timeoutMillis)
                .build();
    }

    private static @Nullable SSLSocketFactory encrypted(@Nullable Tls tls) {
        return tls == null ? null : TlsContexts.of(tls).getSocketFactory();
    }

    private static DefaultJedisClientConfig.Builder config(
            RedisOptions options, @Nullable SSLSocketFactory encrypted, Login login, int millis) {
        Tls tls = options.tls();
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .protocol(RedisProtocol.RESP2)
                .connectionTimeoutMillis(millis)
                .socketTimeoutMillis(millis)
                .user(login.user())
                .password(login.password())
                .ssl(tls != null)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        if (tls != null) {
            config.sslSocketFactory(encrypted);
            if (!tls.checksHostName()) {
                // Without parameters Jedis checks the name.
                config.sslParameters(new SSLParameters());
            }
        }
        return config;
    }

    Duration timeout() {
        return Duration.ofMillis(timeoutMillis);
    }

    Connection data(HostAndPort address) {
        return new Connection(address, data);
    }

    /** For a server that failed before: one that hangs is found out in a part of the time-out. */
    Connection dataInHaste(HostAndPort address) {
        Connection connection = new Connection(address, hasty);
        try {
            connection.executeCommand(new CommandArguments(Command.PING));
            connection.setSoTimeout(timeoutMillis);
            return connection;
        } catch (RuntimeException e) {
            discard(connection);
            throw e;
        }
    }

    Connection sentinel(HostAndPort address) {
        return new Connection(address, sentinel);
    }

    static void discard(Connection connection) {
        connection.setBroken();
        try {
            connection.disconnect();
        } catch (RuntimeException alreadyGone) {
            // nothing is left to close
        }
    }
}
