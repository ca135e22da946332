package io.oncemq.jms;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.Tls;
import io.oncemq.spi.TlsContexts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Why TLS fails: clients whose connection does not come about say that it did not, and no more. So a handshake is made beside them, by the same
 * rules, and nothing is sent over it. Stateless.
 */
final class TlsTrial {
    private static final int CONNECT_MILLIS = 5_000;
    /** A client certificate that is refused shows after the handshake. */
    private static final int REFUSAL_MILLIS = 2_000;

    private TlsTrial() {}

    /** The failure to connect, or why TLS is the reason for it. */
    static MessagingException explained(MessagingException failure, String address, @Nullable Tls tls) {
        MessagingException reason = tls != null && failure instanceof ConnectionException ? of(address, tls) : null;
        return reason == null ? failure : reason;
    }

    /** Of the failures at several addresses. A broker that refuses is named rather than one that is away. */
    static MessagingException worst(List<MessagingException> failures) {
        MessagingException last = failures.stream()
                .filter(each -> !(each instanceof ConnectionException))
                .findFirst()
                .orElse(failures.get(failures.size() - 1));
        failures.stream().filter(each -> each != last).forEach(last::addSuppressed);
        return last;
    }

    /** @param address {@code host:port} @return null where TLS is not what is wrong, as far as can be told */
    private static @Nullable MessagingException of(String address, Tls tls) {
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
            return told(address, e);
        } catch (SocketTimeoutException e) {
            String text = "connecting to " + address + ": nobody answers by TLS there; perhaps the port is one without";
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

    private static MessagingException told(String address, SSLException error) {
        String text = texts(error);
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("plaintext connection")
                || lower.contains("unsupported or unrecognized ssl message")
                || lower.contains("terminated the handshake")) {
            return new ConfigurationException(
                    "tls",
                    "(see the port)",
                    "the port of " + address + " does not speak TLS: " + text,
                    "Use the port of the acceptor with TLS");
        }
        String remedy = "Check the TLS settings of both sides";
        if (lower.contains("no subject alternative") || lower.contains("no name matching")) {
            remedy = "Connect by a name that stands in the server's certificate, or use withoutHostNameCheck()";
        } else if (lower.contains("received fatal alert")) {
            remedy = "Show a client certificate that the server trusts: Tls.identity(…)";
        } else if (has(error, CertificateException.class) || lower.contains("pkix")) {
            remedy = "Trust the authority that signed the server's certificate: Tls.trusting(file)";
        }
        return new AuthenticationException(
                "tls", "***", "TLS failed while connecting to " + address + ": " + text, remedy, error);
    }

    private static boolean has(Throwable error, Class<? extends Throwable> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String texts(Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            text.append(text.isEmpty() ? "" : ", ").append(cause.getMessage());
        }
        return text.toString();
    }
}
