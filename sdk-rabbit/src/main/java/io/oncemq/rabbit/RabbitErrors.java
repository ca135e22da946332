package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ChannelContinuationTimeoutException;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ProtocolVersionMismatchException;
import com.rabbitmq.client.ShutdownSignalException;
import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.spi.support.TlsDiagnosis;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the client's exceptions mean here. */
final class RabbitErrors {
    private static final String SECRET = "***";
    private static final Pattern EXCHANGE = Pattern.compile("exchange '(.*)' in vhost");

    private RabbitErrors() {}

    /** The exception that a caller of ours shall see. */
    static MessagingException translate(String doing, Throwable error) {
        if (error instanceof MessagingException ours) {
            return ours;
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            MessagingException known = known(doing, cause, error);
            if (known != null) {
                return known;
            }
        }
        if (error instanceof IOException
                || error instanceof TimeoutException
                || error instanceof ShutdownSignalException
                || error instanceof InterruptedException) {
            return new ConnectionException(
                    doing + ": the server could not be reached, or did not answer: " + text(error), error);
        }
        return new MessagingException(doing + " failed: " + error, error);
    }

    private static @Nullable MessagingException known(String doing, Throwable cause, Throwable error) {
        if (cause instanceof AuthenticationFailureException) {
            return new AuthenticationException(
                    "login",
                    SECRET,
                    "the server does not accept the name or the password while " + doing
                            + " (guest may log in from the server's own machine only)",
                    "Check Rabbit.login(user, password)",
                    error);
        }
        if (cause instanceof SSLException) {
            return TlsDiagnosis.of(doing, error);
        }
        if (cause instanceof MalformedFrameException || cause instanceof ProtocolVersionMismatchException) {
            return new ConfigurationException(
                    "addresses",
                    "(see the port)",
                    doing + ": the port does not speak AMQP 0-9-1 without TLS: " + cause.getMessage(),
                    "Use the port of the AMQP listener, and tls(…) if it is the one with TLS");
        }
        return cause instanceof ShutdownSignalException signal ? refused(doing, signal, error) : null;
    }

    private static @Nullable MessagingException refused(String doing, ShutdownSignalException signal, Throwable error) {
        String text = replyText(signal);
        String lower = text.toLowerCase(Locale.ROOT);
        return switch (replyCode(signal)) {
            case AMQP.NOT_ALLOWED -> vhost(doing, text, lower, error);
            case AMQP.ACCESS_REFUSED ->
                new AuthenticationException(
                        "permissions",
                        SECRET,
                        "the server refuses it while " + doing + ": " + text,
                        "Give the user the permission that the text names",
                        error);
            default -> null;
        };
    }

    private static @Nullable MessagingException vhost(String doing, String text, String lower, Throwable error) {
        if (!lower.contains("vhost") || lower.contains("limit") || lower.contains("down")) {
            return null;
        }
        if (lower.contains("not found")) {
            return new ConfigurationException(
                    "vhost",
                    "(see the text)",
                    "the virtual host does not exist: " + text,
                    "Create it, or correct Rabbit.vhost(name)");
        }
        return new AuthenticationException(
                "vhost",
                SECRET,
                "the user may not enter it while " + doing + ": " + text,
                "Give the user permissions in it",
                error);
    }

    /** Whether the server did not answer a question in time; the connection may be well. */
    static boolean isUnanswered(Throwable error) {
        return has(error, ChannelContinuationTimeoutException.class);
    }

    /** Why a connection or channel was closed, in AMQP's numbers; 0 if the other side said nothing. */
    static int replyCode(Throwable error) {
        ShutdownSignalException signal = signal(error);
        Method reason = signal == null ? null : signal.getReason();
        if (reason instanceof AMQP.Channel.Close close) {
            return close.getReplyCode();
        }
        return reason instanceof AMQP.Connection.Close close ? close.getReplyCode() : 0;
    }

    /** The same in the server's words. */
    static String replyText(Throwable error) {
        ShutdownSignalException signal = signal(error);
        Method reason = signal == null ? null : signal.getReason();
        if (reason instanceof AMQP.Channel.Close close) {
            return close.getReplyText();
        }
        return reason instanceof AMQP.Connection.Close close ? close.getReplyText() : text(error);
    }

    /** The exchange for whose sake the server closed a channel: it is missing, or the user may not write there; else null. */
    static @Nullable String refusedExchange(Throwable error) {
        int code = replyCode(error);
        Matcher named = EXCHANGE.matcher(replyText(error));
        return (code == AMQP.ACCESS_REFUSED || code == AMQP.NOT_FOUND) && named.find() ? named.group(1) : null;
    }

    private static @Nullable ShutdownSignalException signal(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ShutdownSignalException signal) {
                return signal;
            }
        }
        return null;
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

    /** The innermost message, which says most. */
    private static String text(Throwable error) {
        String text = error.toString();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                text = cause.getMessage();
            }
        }
        return text;
    }
}
