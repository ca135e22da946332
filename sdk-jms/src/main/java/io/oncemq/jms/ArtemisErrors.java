package io.oncemq.jms;

import io.oncemq.AuthenticationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.PublishRejectedException.Reason;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.jspecify.annotations.Nullable;

/** What the client's exceptions mean here. */
final class ArtemisErrors {
    /** The broker's code for a user that it does not know, or whose password is another. */
    private static final String NO_LOGIN = "AMQ229031";

    /** From the client, before it writes: with a body this large the properties are too large. */
    private static final String LARGE_BESIDE_BODY = "AMQ219022";

    /** From the broker: properties, or a whole message, that its journal cannot take. */
    private static final String LARGER_THAN_RECORD = "AMQ149005";

    private ArtemisErrors() {}

    /** What becomes of a message whose send ended so. */
    enum Fate {
        /** Certainly not stored, for a passing reason. */
        NOT_SENT,
        /** Certainly not stored, for good. */
        REJECTED,
        /** Perhaps stored. */
        UNKNOWN,
        /** Perhaps stored, and the session is of no more use. */
        SESSION_OVER
    }

    /** @param reason for {@link Fate#REJECTED} */
    record Outcome(Fate fate, @Nullable Reason reason) {
        private static final Outcome NOT_SENT = new Outcome(Fate.NOT_SENT, null);
        private static final Outcome UNKNOWN = new Outcome(Fate.UNKNOWN, null);
        private static final Outcome SESSION_OVER = new Outcome(Fate.SESSION_OVER, null);
    }

    /** The outcome of one send. A broker that says why it stored nothing is believed; every other end leaves it open. */
    static Outcome outcome(Throwable error) {
        ActiveMQExceptionType type = type(error);
        if (type == null) {
            return Outcome.SESSION_OVER;
        }
        String text = String.valueOf(error.getMessage());
        if (text.contains(LARGE_BESIDE_BODY) || text.contains(LARGER_THAN_RECORD)) {
            return new Outcome(Fate.REJECTED, Reason.TOO_LARGE);
        }
        return switch (type) {
            case ADDRESS_FULL -> Outcome.NOT_SENT;
            case SECURITY_EXCEPTION -> new Outcome(Fate.REJECTED, Reason.UNAUTHORIZED);
            case QUEUE_DOES_NOT_EXIST, ADDRESS_DOES_NOT_EXIST -> new Outcome(Fate.REJECTED, Reason.UNROUTABLE);
            case NOT_CONNECTED,
                    CONNECTION_TIMEDOUT,
                    DISCONNECTED,
                    UNBLOCKED,
                    REMOTE_DISCONNECT,
                    OBJECT_CLOSED,
                    ILLEGAL_STATE,
                    INTERCEPTOR_REJECTED_PACKET -> Outcome.SESSION_OVER;
            default -> Outcome.UNKNOWN;
        };
    }

    /** The exception that a caller of ours shall see. */
    static MessagingException translate(String doing, Throwable error) {
        if (error instanceof MessagingException ours) {
            return ours;
        }
        ActiveMQExceptionType type = type(error);
        String text = String.valueOf(error.getMessage());
        if (type == ActiveMQExceptionType.SECURITY_EXCEPTION && text.contains(NO_LOGIN)) {
            return new AuthenticationException(
                    "login",
                    "***",
                    "the broker does not accept the name or the password while " + doing,
                    "Check Artemis.login(user, password)",
                    error);
        }
        if (type == ActiveMQExceptionType.SECURITY_EXCEPTION) {
            return new AuthenticationException(
                    "permissions",
                    "***",
                    "the broker refuses it while " + doing + ": " + error.getMessage(),
                    "Give the user the permission that the text names",
                    error);
        }
        if (type == null
                || outcome(error).fate() == Fate.SESSION_OVER
                || type == ActiveMQExceptionType.CONNECTION_TIMEDOUT
                // The connection ended, or stood still, amid a large message.
                || type == ActiveMQExceptionType.LARGE_MESSAGE_INTERRUPTED
                || type == ActiveMQExceptionType.LARGE_MESSAGE_ERROR_BODY) {
            return new ConnectionException(
                    doing + ": Artemis could not be reached, or did not answer: " + error.getMessage(), error);
        }
        return new MessagingException(doing + " failed: " + error, error);
    }

    /** What the client's own protocol calls it; null where the exception comes from elsewhere. */
    private static @Nullable ActiveMQExceptionType type(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ActiveMQException known) {
                return known.getType();
            }
        }
        return null;
    }
}
