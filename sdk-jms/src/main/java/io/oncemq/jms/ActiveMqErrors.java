package io.oncemq.jms;

import io.oncemq.AuthenticationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSSecurityException;
import java.io.IOException;
import org.apache.activemq.ConnectionClosedException;
import org.apache.activemq.ConnectionFailedException;

/** What the client's exceptions mean here. */
final class ActiveMqErrors {
    /** What the broker says of a user that it does not know, or whose password is another. */
    private static final String NO_LOGIN = "password is invalid";

    private ActiveMqErrors() {}

    /** What becomes of a message whose send ended so. */
    enum Fate {
        /** Certainly not stored, for good. */
        UNAUTHORIZED,
        /** Perhaps stored: the broker gives a message to one group after another, and may have stopped in between. */
        UNKNOWN,
        /** Perhaps stored, and the session is of no more use. */
        SESSION_OVER
    }

    /** The fate of one send. A broker that refuses the user is believed; every other end leaves it open. */
    static Fate fate(Throwable error) {
        if (isSecurity(error)) {
            return Fate.UNAUTHORIZED;
        }
        return isConnection(error) ? Fate.SESSION_OVER : Fate.UNKNOWN;
    }

    /** The exception that a caller of ours shall see. */
    static MessagingException translate(String doing, Throwable error) {
        if (error instanceof MessagingException ours) {
            return ours;
        }
        if (isSecurity(error) && String.valueOf(error.getMessage()).contains(NO_LOGIN)) {
            return new AuthenticationException(
                    "login",
                    "***",
                    "the broker does not accept the name or the password while " + doing,
                    "Check ActiveMq.login(user, password)",
                    error);
        }
        if (isSecurity(error)) {
            return new AuthenticationException(
                    "permissions",
                    "***",
                    "the broker refuses it while " + doing + ": " + error.getMessage(),
                    "Give the user the permission that the text names",
                    error);
        }
        if (isConnection(error)) {
            return new ConnectionException(
                    doing + ": ActiveMQ could not be reached, or did not answer: " + error.getMessage(), error);
        }
        return new MessagingException(doing + " failed: " + error, error);
    }

    private static boolean isSecurity(Throwable error) {
        return has(error, JMSSecurityException.class) || has(error, SecurityException.class);
    }

    private static boolean isConnection(Throwable error) {
        return has(error, IOException.class)
                || has(error, ConnectionClosedException.class)
                || has(error, ConnectionFailedException.class)
                || has(error, IllegalStateException.class);
    }

    private static boolean has(Throwable error, Class<? extends Throwable> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
