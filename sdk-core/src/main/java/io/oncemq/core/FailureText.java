package io.oncemq.core;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The text of what a handler has thrown, for logs of applications that ask for it: without any piece of six characters that the body of the message
 * has, too. Shown only if the logger {@value #SWITCH} is at TRACE, on a thread that has named the body; a text beside a body above 64 KiB is not
 * shown.
 */
public final class FailureText {
    static final String SWITCH = "io.oncemq.failure-texts";

    private static final Logger ASKED = LoggerFactory.getLogger(SWITCH);
    private static final int PIECE = 6;
    private static final int MOST_CAUSES = 10;
    private static final int LARGEST_BODY = 64 << 10;
    private static final int LONGEST_TEXT = 300;
    private static final String HIDDEN = "***";

    private static final ThreadLocal<@Nullable String> BODY = new ThreadLocal<>();

    private FailureText() {}

    /** Runs what may log the failure of a message with this body. */
    public static void beside(byte @Nullable [] body, Runnable logging) {
        boolean small = body == null || body.length <= LARGEST_BODY;
        if (small && ASKED.isTraceEnabled()) {
            BODY.set(body == null ? "" : new String(body, StandardCharsets.UTF_8));
        }
        try {
            logging.run();
        } finally {
            BODY.remove();
        }
    }

    /** Of the failure and its innermost cause, with the name of the field; empty where nothing may be shown. */
    static String field(Throwable failure) {
        String body = BODY.get();
        return body == null || !ASKED.isTraceEnabled() ? "" : " text=" + of(failure, body);
    }

    private static String of(Throwable failure, String body) {
        Throwable innermost = failure;
        Throwable cause = ThrowableText.cause(innermost);
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            innermost = cause;
            cause = ThrowableText.cause(innermost);
        }
        String text = ThrowableText.message(failure)
                + (innermost == failure ? "" : " by " + ThrowableText.message(innermost));
        return LogText.of(redacted(text.substring(0, Math.min(text.length(), LONGEST_TEXT)), body));
    }

    private static String redacted(String text, String body) {
        StringBuilder shown = new StringBuilder();
        int place = 0;
        while (place < text.length()) {
            int length = common(text, place, body);
            if (length == 0) {
                shown.append(text.charAt(place));
                place++;
            } else {
                shown.append(HIDDEN);
                place += length;
            }
        }
        return shown.toString();
    }

    /** How many characters from a place on are in the body as well, if that is a piece. A body shorter than a piece is one. */
    private static int common(String text, int place, String body) {
        int least = Math.max(1, Math.min(PIECE, body.length()));
        int length = least;
        if (body.isEmpty() || place + least > text.length() || !body.contains(text.substring(place, place + least))) {
            return 0;
        }
        while (place + length < text.length() && body.contains(text.substring(place, place + length + 1))) {
            length++;
        }
        return length;
    }
}
