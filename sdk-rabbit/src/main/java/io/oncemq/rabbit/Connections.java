package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.oncemq.Tls;
import io.oncemq.spi.TlsContexts;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and closes connections. None heals itself (Q2): the client would swap the channel below us before it asks for confirms
 * again, and what is published in between is never confirmed. Thread-safe.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int CONNECT_MILLIS = 5_000;
    private static final int HANDSHAKE_MILLIS = 10_000;
    /** Declaring a quorum queue waits until its members have elected a leader. */
    private static final int ANSWER_MILLIS = 20_000;

    private static final Duration ABORT = Duration.ofSeconds(1);
    /** The largest that a server can be told to take. */
    private static final int LARGEST_BODY = 512 << 20;

    private static final int TLS_LINGER_SECONDS = 1;
    private static final int CALLBACK_THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());
    private static final int IDLE_SECONDS = 10;

    private final RabbitSettings settings;
    private final String clientId;
    private final AtomicInteger opened = new AtomicInteger();
    private final Map<Connection, Socket> sockets = new ConcurrentHashMap<>();
    /** What the client calls back with, for all connections: it only hands over. */
    private final ThreadPoolExecutor callbacks = new ThreadPoolExecutor(
            CALLBACK_THREADS,
            CALLBACK_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads("callback"));

    Connections(RabbitSettings settings, String clientId) {
        this.settings = settings;
        this.clientId = clientId;
        callbacks.allowCoreThreadTimeOut(true);
    }

    RabbitSettings settings() {
        return settings;
    }

    /**
     * A connection of its own, to the first address that answers, in an order of chance: so that clients spread over the nodes.
     * Blocks. Its callbacks run on daemon threads.
     *
     * @param role what it is for, as the server's list of connections and the threads here name it
     * @throws io.oncemq.AuthenticationException if the server refuses the login
     * @throws io.oncemq.ConfigurationException if there is no such virtual host
     * @throws io.oncemq.ConnectionException if no address answers
     */
    Connection open(String role) {
        return open(role, settings.addresses());
    }

    /** The same to the first of these that answers. */
    Connection open(String role, List<Address> among) {
        String name = clientId + "-" + role + "-" + opened.incrementAndGet();
        AtomicReference<@Nullable Socket> last = new AtomicReference<>();
        List<Address> addresses = new ArrayList<>(among);
        Collections.shuffle(addresses);
        try {
            Connection connection = factory(role, last).newConnection(addresses, name);
            FrameLimit.takeLargerHeaders(connection);
            Socket socket = last.get();
            if (socket != null) {
                sockets.put(connection, socket);
                connection.addShutdownListener(cause -> sockets.remove(connection));
            }
            return connection;
        } catch (IOException | TimeoutException | RuntimeException e) {
            throw RabbitErrors.translate("connecting to " + among, e);
        }
    }

    private ConnectionFactory factory(String role, AtomicReference<@Nullable Socket> last) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setUsername(settings.user());
        factory.setPassword(settings.password());
        factory.setVirtualHost(settings.virtualHost());
        factory.setRequestedHeartbeat(Math.toIntExact(settings.heartbeat().toSeconds()));
        factory.setConnectionTimeout(CONNECT_MILLIS);
        factory.setHandshakeTimeout(HANDSHAKE_MILLIS);
        factory.setChannelRpcTimeout(ANSWER_MILLIS);
        factory.setChannelShouldCheckRpcResponseType(true);
        factory.setMaxInboundMessageBodySize(LARGEST_BODY);
        factory.setThreadFactory(threads(role));
        factory.setSharedExecutor(callbacks);
        factory.setExceptionHandler(new QuietExceptions());
        Tls tls = settings.tls();
        if (tls != null) {
            factory.useSslProtocol(TlsContexts.of(tls));
        }
        factory.setSocketConfigurator(socket -> {
            socket.setTcpNoDelay(true);
            if (socket instanceof SSLSocket secure && tls != null) {
                harden(secure, tls);
            }
            last.set(socket);
        });
        return factory;
    }

    private static void harden(SSLSocket socket, Tls tls) throws IOException {
        if (tls.checksHostName()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        // Else closing waits for a write that may be stuck.
        socket.setSoLinger(true, TLS_LINGER_SECONDS);
    }

    private static ThreadFactory threads(String role) {
        AtomicInteger numbers = new AtomicInteger();
        return task -> daemon(task, role + "-" + numbers.incrementAndGet());
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "oncemq-rabbit-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Closes, whatever state the connection is in, and returns after at most the deadline and two seconds: then nothing is written
     * any more. Throws nothing.
     */
    void close(Connection connection, Duration deadline) {
        Duration longest = deadline.compareTo(ABORT) < 0 ? ABORT : deadline;
        Socket socket = sockets.get(connection);
        Thread closing = daemon(() -> abort(connection, longest), "closing");
        closing.start();
        try {
            closing.join(longest.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (socket != null) {
            close(socket);
        }
    }

    private static void abort(Connection connection, Duration longest) {
        try {
            connection.abort(AMQP.REPLY_SUCCESS, "closed", Math.toIntExact(longest.toMillis()));
        } catch (ShutdownSignalException e) {
            LOG.debug("already closed: {}", e.toString());
        }
    }

    /** Once all connections are closed. */
    void close() {
        callbacks.shutdown();
    }

    /** Closes the socket below a connection: whoever is stuck in it gets an exception. Throws nothing. */
    void cut(Connection connection) {
        Socket socket = sockets.get(connection);
        if (socket != null) {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a socket failed to close: {}", e.toString());
        }
    }
}
