package io.oncemq.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what somebody else has thrown. Its methods can be overridden, and may throw themselves; then what they would have told is replaced,
 * since a text must never decide what becomes of a message. Stateless.
 */
public final class ThrowableText {
    private static final StackTraceElement[] NOWHERE = {};
    private static final int MOST_CAUSES = 100;

    private ThrowableText() {}

    /** Its message, which may be null as ever. */
    public static @Nullable String message(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (Throwable e) {
            return unreadable(e);
        }
    }

    /** As {@code toString} tells it, or its class. */
    public static String text(Throwable thrown) {
        try {
            return String.valueOf(thrown.toString());
        } catch (Throwable e) {
            return thrown.getClass().getName() + ": " + unreadable(e);
        }
    }

    public static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable e) {
            return null;
        }
    }

    static StackTraceElement[] stackTrace(Throwable thrown) {
        try {
            StackTraceElement[] trace = thrown.getStackTrace();
            return trace == null ? NOWHERE : trace;
        } catch (Throwable e) {
            return NOWHERE;
        }
    }

    /**
     * The same where all of it can be read, else what a log may show of it: for code of others that reads it, such as a logger or a
     * {@code CompletableFuture}, and that would throw or hang where it cannot.
     */
    public static Throwable readable(Throwable thrown) {
        try {
            Throwable each = thrown;
            for (int i = 0; i < MOST_CAUSES && each != null; i++) {
                var unused = Arrays.asList(each.getMessage(), each.toString(), each.getStackTrace());
                each = each.getCause();
            }
            return thrown;
        } catch (Throwable e) {
            return LoggedFailure.of(thrown);
        }
    }

    private static String unreadable(Throwable e) {
        return "(its text cannot be read: " + e.getClass().getName() + ")";
    }
}
