package io.oncemq.spi.support;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.Tls;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TlsDiagnosisTest {
    static Stream<Arguments> errors() {
        return Stream.of(
                of(
                        "Remote host terminated the handshake",
                        new EOFException("SSL peer shut down incorrectly"),
                        ConnectionException.class,
                        "closed during the TLS handshake"),
                of(
                        "Connection reset",
                        new SocketException("Connection reset"),
                        ConnectionException.class,
                        "closed during the TLS handshake"),
                of("Unsupported or unrecognized SSL message", null, ConfigurationException.class, "does not speak TLS"),
                of("Received fatal alert: bad_certificate", null, AuthenticationException.class, "Tls.identity"),
                of(
                        "PKIX path building failed",
                        new CertificateException("x"),
                        AuthenticationException.class,
                        "Tls.trusting"),
                of(
                        "No name matching broker found",
                        new CertificateException("x"),
                        AuthenticationException.class,
                        "withoutHostNameCheck"),
                of("expired", new CertificateExpiredException("x"), AuthenticationException.class, "Renew"));
    }

    private static Arguments of(String text, Throwable cause, Class<?> meaning, String says) {
        SSLException error = new SSLHandshakeException(text);
        if (cause != null) {
            error.initCause(cause);
        }
        return Arguments.of(new IOException("cannot connect", error), meaning, says);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void tellsARefusalFromAClosedConnection(IOException error, Class<?> meaning, String says) {
        assertThat(TlsDiagnosis.of("connecting to broker:5671", error))
                .isExactlyInstanceOf(meaning)
                .hasMessageContaining(says)
                .hasMessageContaining("broker:5671");
    }

    @Test
    void hasNothingToSayWithoutTls() {
        assertThat(TlsDiagnosis.of("connecting", new IOException("reset"))).isNull();
        MessagingException failure = new ConnectionException("reset");
        assertThat(TlsDiagnosis.explained(failure, "127.0.0.1:1", null)).isSameAs(failure);
    }

    @Test
    void aPortThatAcceptsAndClosesIsAConnectionError() throws IOException {
        assertThat(explained("")).isExactlyInstanceOf(ConnectionException.class);
    }

    @Test
    void aPortThatSpeaksHttpDoesNotSpeakTls() throws IOException {
        assertThat(explained("HTTP/1.1 400 Bad Request\r\n\r\n"))
                .isExactlyInstanceOf(ConfigurationException.class)
                .hasMessageContaining("does not speak TLS");
    }

    @Test
    void aRefusalIsWorseThanAnUnreachableServer() {
        MessagingException unreachable = new ConnectionException("unreachable");
        MessagingException refused = new AuthenticationException("refused");
        assertThat(TlsDiagnosis.worst(List.of(unreachable, refused)))
                .isSameAs(refused)
                .hasSuppressedException(unreachable);
    }

    private static MessagingException explained(String answer) throws IOException {
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> answer(port, answer));
            MessagingException meaning = TlsDiagnosis.explained(
                    new ConnectionException("no connection"), "127.0.0.1:" + port.getLocalPort(), Tls.systemTrust());
            server.join();
            return meaning;
        }
    }

    private static void answer(ServerSocket port, String answer) {
        try (Socket client = port.accept()) {
            client.getInputStream().read(new byte[10_000]);
            client.getOutputStream().write(answer.getBytes(US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
