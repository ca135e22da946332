package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a port speaks, when the client and the broker do not understand each other. The client itself would only
 * see closed connections and try again for ever; and without TLS it takes the first bytes of a TLS alert for a size, and
 * allocates 352 MB for an answer that never comes (KAFKA-4090).
 *
 * <p>Sends two requests for the supported versions and nothing else, so the certificate need not be trusted here: a listener
 * with SASL answers the first and closes at the second.
 */
final class ListenerProbe {
    private enum Speaks {
        PLAIN(false, false),
        PLAIN_WITH_LOGIN(false, true),
        TLS(true, false),
        TLS_WITH_LOGIN(true, true),
        /** What no broker of Kafka says, such as HTTP. */
        SOMETHING_ELSE(false, false);

        final boolean tls;
        final boolean login;

        Speaks(boolean tls, boolean login) {
            this.tls = tls;
            this.login = login;
        }
    }

    private static final int TIMEOUT_MILLIS =
            Math.toIntExact(Duration.ofSeconds(2).toMillis());
    private static final byte[] VERSIONS = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, (byte) 0xff, (byte) 0xff};
    private static final int LARGEST_ANSWER = 1 << 20;

    /** The kind of the record and the first byte of the version. */
    private static final int TLS_ALERT = 0x1503;

    private ListenerProbe() {}

    /**
     * Throws if the first address that answers certainly speaks another protocol.
     *
     * @throws ConfigurationException if it is a listener of another kind, with what it does speak
     * @throws ConnectionException if it is no broker of Kafka, such as an HTTP server: the client would take its first bytes for a length, and
     *     end by an OutOfMemoryError
     */
    static void check(KafkaSettings settings) {
        boolean wantsTls = settings.hasTls();
        for (InetSocketAddress broker : addresses(settings.servers())) {
            Speaks speaks = ask(broker, wantsTls);
            if (speaks != null) {
                // A broker that shuts down closes connections as well, so what matters is asked twice.
                if (contradicts(settings, speaks) && ask(broker, wantsTls) == speaks) {
                    String at = broker.getHostString() + ":" + broker.getPort();
                    throw speaks == Speaks.SOMETHING_ELSE
                            ? new ConnectionException(
                                    at + " is not a Kafka broker: it answers in another protocol, such as HTTP."
                                            + " Check the address and what is in front of the broker")
                            : wrong(settings.protocol(), at, speaks);
                }
                return;
            }
        }
    }

    /** Whether any of the addresses is certainly a broker's, and certainly one without TLS. */
    static boolean answersInTheClear(KafkaSettings settings) {
        return addresses(settings.servers()).stream().anyMatch(broker -> {
            Speaks speaks = ask(broker, false);
            return speaks == Speaks.PLAIN || speaks == Speaks.PLAIN_WITH_LOGIN;
        });
    }

    private static boolean contradicts(KafkaSettings settings, Speaks speaks) {
        return speaks == Speaks.SOMETHING_ELSE
                || settings.hasTls() != speaks.tls
                || speaks.login && !settings.hasLogin();
    }

    private static ConfigurationException wrong(String protocol, String at, Speaks speaks) {
        boolean wantsTls = protocol.endsWith("SSL");
        if (speaks.tls && !wantsTls) {
            return wrong(protocol, at, "speaks TLS", "Encrypt: Kafka.at(…).tls(Tls.trusting(file))");
        }
        return speaks.tls == wantsTls
                ? wrong(protocol, at, "asks for a login", "Log in: Kafka.at(…).scram(user, password) or another")
                : wrong(protocol, at, "does not speak TLS", "Connect to a listener with TLS, or leave tls(…) out");
    }

    private static ConfigurationException wrong(String protocol, String at, String problem, String remedy) {
        return new ConfigurationException("security.protocol", protocol, at + " " + problem, remedy);
    }

    private static List<InetSocketAddress> addresses(String servers) {
        try {
            return ClientUtils.parseAndValidateAddresses(List.of(servers.trim().split("\\s*,\\s*")), "use_all_dns_ips");
        } catch (KafkaException e) {
            return List.of();
        }
    }

    /** Null if nothing certain can be said. */
    private static @Nullable Speaks ask(InetSocketAddress broker, boolean tlsFirst) {
        try {
            Speaks tls = tlsFirst ? askTls(broker) : null;
            if (tls != null) {
                return tls;
            }
            Speaks plain = askPlain(broker);
            return tlsFirst || plain != null ? plain : askTls(broker);
        } catch (SocketTimeoutException silent) {
            // What says nothing in one protocol says nothing in the other: both sides answer what they do not
            // understand, or close.
            return null;
        }
    }

    private static @Nullable Speaks askPlain(InetSocketAddress broker) throws SocketTimeoutException {
        try (Socket socket = connect(broker)) {
            Boolean login = asksForLogin(socket);
            return login == null ? null : login ? Speaks.PLAIN_WITH_LOGIN : Speaks.PLAIN;
        } catch (NoBrokerException e) {
            return Speaks.SOMETHING_ELSE;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable Speaks askTls(InetSocketAddress broker) throws SocketTimeoutException {
        try (Socket plain = connect(broker);
                SSLSocket socket = (SSLSocket) anybody()
                        .getSocketFactory()
                        .createSocket(plain, broker.getHostString(), broker.getPort(), true)) {
            socket.startHandshake();
            Boolean login = asksForLogin(socket);
            return login != null && login ? Speaks.TLS_WITH_LOGIN : Speaks.TLS;
        } catch (NoBrokerException e) {
            return Speaks.SOMETHING_ELSE;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException | GeneralSecurityException e) {
            return null;
        }
    }

    private static Socket connect(InetSocketAddress broker) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(broker.getAddress(), broker.getPort()), TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Null if not even the first request is answered. */
    private static @Nullable Boolean asksForLogin(Socket socket) throws NoBrokerException, SocketTimeoutException {
        try {
            exchange(socket);
        } catch (NoBrokerException | SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return null;
        }
        try {
            exchange(socket);
            return false;
        } catch (EOFException e) {
            return true;
        } catch (IOException e) {
            return e instanceof SocketTimeoutException ? null : Boolean.TRUE;
        }
    }

    private static void exchange(Socket socket) throws IOException {
        socket.getOutputStream().write(VERSIONS);
        socket.getOutputStream().flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int size = in.readInt();
        if (size >>> 16 == TLS_ALERT) {
            throw new IOException("an alert of TLS");
        }
        if (size < 4 || size > LARGEST_ANSWER) {
            throw new NoBrokerException();
        }
        in.skipNBytes(size);
    }

    /** An answer came, and its first four bytes are no length of one of Kafka's. */
    private static final class NoBrokerException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** A context that takes any certificate: nothing is told and nothing is believed over it. */
    private static SSLContext anybody() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        return context;
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
