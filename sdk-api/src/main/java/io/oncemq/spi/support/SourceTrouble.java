package io.oncemq.spi.support;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;

/**
 * The kinds of errors of a source, and what each does to it. This is the only table: an adapter only says of which kind its client's
 * exception is. Before the first success an error may prove that a setting is wrong. After it, the same error
 * says that something between client and broker is wrong now, since the same settings have worked.
 */
public enum SourceTrouble {
    /** No connection, or one that ended: refused, reset, closed in or after a handshake, timed out, or no leader. */
    CONNECTION(Answer.RETRY, Answer.RETRY),
    /** A TLS handshake that one side refused, for any reason. */
    TLS(Answer.FAIL, Answer.RETRY),
    /** The broker answered, and does not accept the login, or the user lacks a right. */
    CREDENTIALS(Answer.FAIL, Answer.RETRY_FOR_A_WHILE),
    /** The broker answered that the destination, or what it keeps for the group, does not exist. */
    MISSING(Answer.FAIL, Answer.AS_LOST_POSITIONS_SAY),
    /** It looks like a wrong setting: another protocol on the port, another virtual host, an option that is refused. */
    CONFIGURATION(Answer.FAIL, Answer.RETRY),
    /** Anything else: an error of the client or of the adapter. */
    OTHER(Answer.FAIL, Answer.RETRY);

    /** What becomes of the source. */
    public enum Answer {
        /** It ends, and the subscription fails with the error. */
        FAIL,
        /** It tries again after a back-off, for as long as it takes. */
        RETRY,
        /** It tries again after a back-off, for as long as {@link AccessPatience} allows, and then ends. */
        RETRY_FOR_A_WHILE,
        /** It ends for {@link io.oncemq.LostPositions#STOP} and in a replay; else it tries again after a back-off. */
        AS_LOST_POSITIONS_SAY
    }

    private final Answer atStart;
    private final Answer running;

    SourceTrouble(Answer atStart, Answer running) {
        this.atStart = atStart;
        this.running = running;
    }

    /** @param succeeded whether the broker has accepted this source and its destination before */
    public Answer answer(boolean succeeded) {
        return succeeded ? running : atStart;
    }

    /** The kind of a translated error. Which errors mean {@link #MISSING} only the adapter knows. */
    public static SourceTrouble of(MessagingException error) {
        if (error instanceof ConnectionException) {
            return CONNECTION;
        }
        if (error instanceof AuthenticationException refusal) {
            return isTls(refusal) ? TLS : CREDENTIALS;
        }
        return error instanceof ConfigurationException ? CONFIGURATION : OTHER;
    }

    private static boolean isTls(AuthenticationException refusal) {
        return refusal.property()
                .filter(name -> name.startsWith("tls") || name.startsWith("ssl."))
                .isPresent();
    }
}
