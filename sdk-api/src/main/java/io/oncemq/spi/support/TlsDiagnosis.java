package io.oncemq.spi.support;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.Tls;
import io.oncemq.spi.TlsContexts;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Why TLS fails. A side that refuses the other is an {@link AuthenticationException} of {@code tls}; a port with another protocol is a {@link
 * ConfigurationException} of {@code tls}; a connection that is closed during the handshake is a {@link ConnectionException}, for a proxy does
 * that too while its broker is unreachable. Stateless.
 *
 * <p>Some clients report only that no connection was made. For them {@link #explained} makes a handshake of its own, by the same rules, and
 * sends nothing over it.
 */
public final class TlsDiagnosis {
    private static final int CONNECT_MILLIS = 5_000;
    /** A client certificate that is refused shows after the handshake. */
    private static final int REFUSAL_MILLIS = 2_000;

    private TlsDiagnosis() {}

    /** What an error means, or null if TLS is no part of it. @param doing such as {@code connecting to broker:5671} */
    public static @Nullable MessagingException of(String doing, Throwable error) {
        SSLException ssl = find(error, SSLException.class);
        return ssl == null ? null : meaning(doing, ssl, error);
    }

    /**
     * The failure to connect, or why TLS is the reason for it. Blocks for up to 12 seconds.
     *
     * @param address {@code host:port}
     * @param tls null for a connection without TLS
     */
    public static MessagingException explained(MessagingException failure, String address, @Nullable Tls tls) {
        MessagingException reason = tls != null && failure instanceof ConnectionException ? tried(address, tls) : null;
        return reason == null ? failure : reason;
    }

    /** Of the failures at several addresses: a broker that refuses, rather than one that is unreachable. The others are suppressed in it. */
    public static MessagingException worst(List<MessagingException> failures) {
        MessagingException last = failures.stream()
                .filter(each -> !(each instanceof ConnectionException))
                .findFirst()
                .orElse(failures.get(failures.size() - 1));
        failures.stream().filter(each -> each != last).forEach(last::addSuppressed);
        return last;
    }

    private static @Nullable MessagingException tried(String address, Tls tls) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replace("[", "").replace("]", "");
        int port = Integer.parseInt(address.substring(colon + 1));
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            plain.setSoTimeout(CONNECT_MILLIS);
            try (SSLSocket secure =
                    (SSLSocket) TlsContexts.of(tls).getSocketFactory().createSocket(plain, host, port, true)) {
                shake(secure, tls.checksHostName());
            }
            return null;
        } catch (SSLException e) {
            return meaning("connecting to " + address, e, e);
        } catch (SocketTimeoutException e) {
            String text = "connecting to " + address
                    + ": the port accepts connections and does not answer by TLS. Perhaps it is a port without TLS";
            return new ConnectionException(text, e);
        } catch (IOException e) {
            return null;
        }
    }

    private static void shake(SSLSocket socket, boolean checksHostName) throws IOException {
        if (checksHostName) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        socket.setSoTimeout(REFUSAL_MILLIS);
        try {
            socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            // It waits for us: the handshake was to its liking.
        }
    }

    private static MessagingException meaning(String doing, SSLException ssl, Throwable error) {
        String text = texts(ssl);
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("plaintext connection") || lower.contains("unsupported or unrecognized ssl message")) {
            return new ConfigurationException(
                    "tls",
                    "(see the port)",
                    "the port does not speak TLS, found while " + doing + ": " + text,
                    "Use the port of the listener with TLS");
        }
        if (isClosed(ssl, lower)) {
            return new ConnectionException(
                    doing + ": the connection was closed during the TLS handshake: " + text
                            + ". Perhaps a proxy cannot reach the broker, or the port is one without TLS",
                    error);
        }
        return new AuthenticationException(
                "tls", "***", "TLS failed while " + doing + ": " + text, remedy(ssl, lower), error);
    }

    private static boolean isClosed(SSLException ssl, String lower) {
        return !lower.contains("received fatal alert")
                && (find(ssl, EOFException.class) != null
                        || find(ssl, SocketException.class) != null
                        || lower.contains("terminated the handshake")
                        || lower.contains("closed connection")
                        || lower.contains("closed inbound"));
    }

    private static String remedy(SSLException ssl, String lower) {
        if (find(ssl, CertificateExpiredException.class) != null || lower.contains("certificate_expired")) {
            return "Renew the certificate that has expired";
        }
        if (lower.contains("no subject alternative") || lower.contains("no name matching")) {
            return "Connect by a name that stands in the server's certificate, or use withoutHostNameCheck()";
        }
        if (lower.contains("received fatal alert")) {
            return "Show a client certificate that the server trusts: Tls.identity(…)";
        }
        return find(ssl, CertificateException.class) != null || lower.contains("pkix")
                ? "Trust the authority that signed the server's certificate: Tls.trusting(file)"
                : "Check the TLS settings of both sides";
    }

    private static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static String texts(Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            text.append(text.isEmpty() ? "" : ", ").append(cause.getMessage());
        }
        return text.toString();
    }
}
