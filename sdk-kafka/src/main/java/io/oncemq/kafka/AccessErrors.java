package io.oncemq.kafka;

import io.oncemq.AuthenticationException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Locale;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.jspecify.annotations.Nullable;

/**
 * Which setting to look at when broker and client do not accept each other. The client's exceptions carry no credentials, so
 * they may stay as causes.
 */
final class AccessErrors {
    private static final String SECRET = "***";

    private AccessErrors() {}

    /** Whether this is about who may come in or do something: it may be mended at the broker while the client waits. */
    static boolean isRefusal(Throwable error) {
        return error instanceof org.apache.kafka.common.errors.AuthenticationException
                || error instanceof AuthorizationException
                || error instanceof AuthenticationException;
    }

    /** Null if the error is of another kind. */
    static @Nullable AuthenticationException explain(String doing, Throwable error) {
        if (error instanceof AuthorizationException) {
            return new AuthenticationException(
                    "acl",
                    SECRET,
                    "the broker refused " + doing + ": " + error.getMessage(),
                    "Allow " + right(doing, error) + " to this client's principal",
                    error);
        }
        if (error instanceof UnsupportedSaslMechanismException) {
            return new AuthenticationException(
                    "sasl.mechanism",
                    SECRET,
                    "the broker refused " + doing + ": " + error.getMessage(),
                    "Use a login that the broker's listener enables",
                    error);
        }
        if (error instanceof IllegalSaslStateException) {
            return new AuthenticationException(
                    "security.protocol",
                    SECRET,
                    "the broker refused " + doing + ": it expects no login on this port",
                    "Leave the login out, or connect to a SASL listener",
                    error);
        }
        if (error instanceof SslAuthenticationException) {
            return tls(doing, error);
        }
        return error instanceof org.apache.kafka.common.errors.AuthenticationException
                ? new AuthenticationException(
                        "sasl.jaas.config",
                        SECRET,
                        "the broker refused " + doing + ": " + error.getMessage(),
                        "Check user and password, and that the broker knows the user for this mechanism",
                        error)
                : null;
    }

    /** What the broker's answer leaves open is told from what was done: it names the resource, and not the operation. */
    private static String right(String doing, Throwable error) {
        if (error instanceof GroupAuthorizationException refused) {
            // Offsets of the consumer group that a subscription used before are only read.
            return "Read on the group" + (refused.groupId() == null ? "" : " " + refused.groupId())
                    + " (Describe if the subscription used it before)";
        }
        if (error instanceof TopicAuthorizationException refused) {
            String names = String.join(", ", refused.unauthorizedTopics());
            String topic = names.isEmpty() ? "the topic" : "the topic " + names;
            if (doing.startsWith("ensuring")) {
                return "Create on " + topic + " or on the cluster, or have it created,";
            }
            return doing.startsWith("consuming")
                    ? "Read and Describe on " + topic
                    : "Describe on " + topic + ", and Write to publish or Read to consume,";
        }
        return error instanceof ClusterAuthorizationException ? "the operation on the cluster" : "it";
    }

    private static AuthenticationException tls(String doing, Throwable error) {
        String text = texts(error).toLowerCase(Locale.ROOT);
        if (has(error, CertificateExpiredException.class) || text.contains("certificate_expired")) {
            return tls("ssl.truststore or ssl.keystore", doing, "a certificate has expired", "Renew it", error);
        }
        if (text.contains("no subject alternative") || text.contains("no name matching")) {
            return tls(
                    "ssl.endpoint.identification.algorithm",
                    doing,
                    "the broker's certificate is for another host name: " + innermost(error),
                    "Connect to, and advertise, a name that stands in the certificate",
                    error);
        }
        if (text.contains("received fatal alert")) {
            return tls(
                    "ssl.keystore",
                    doing,
                    "the broker asks for a client certificate that it trusts: " + innermost(error),
                    "Show one: tls(Tls.trusting(…).identity(…)), signed by an authority that the broker trusts",
                    error);
        }
        if (has(error, CertificateException.class) || text.contains("pkix") || text.contains("certification path")) {
            return tls(
                    "ssl.truststore",
                    doing,
                    "the broker's certificate is not trusted here",
                    "Trust the authority that signed it: tls(Tls.trusting(file))",
                    error);
        }
        return tls("ssl.*", doing, innermost(error), "Check the TLS settings of both sides", error);
    }

    private static AuthenticationException tls(
            String property, String doing, String problem, String remedy, Throwable error) {
        return new AuthenticationException(
                property, SECRET, "TLS failed while " + doing + ": " + problem, remedy, error);
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
            text.append(cause.getMessage()).append('\n');
        }
        return text.toString();
    }

    private static String innermost(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
