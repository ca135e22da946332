package io.oncemq.core;

import org.jspecify.annotations.Nullable;

/**
 * What the application has thrown, as a log may show it: the class, the places, and those of its causes. Never the text: it may quote a
 * body, and nobody but the application can tell.
 */
public final class LoggedFailure extends Throwable {
    private static final long serialVersionUID = 1L;
    private static final int MOST_CAUSES = 10;

    private final String name;

    private LoggedFailure(Throwable failure, @Nullable Throwable cause) {
        super(null, cause, false, true);
        this.name = failure.getClass().getName();
        setStackTrace(ThrowableText.stackTrace(failure));
    }

    public static LoggedFailure of(Throwable failure) {
        return of(failure, MOST_CAUSES);
    }

    private static LoggedFailure of(Throwable failure, int more) {
        Throwable cause = ThrowableText.cause(failure);
        return new LoggedFailure(failure, cause == null || more == 0 ? null : of(cause, more - 1));
    }

    /** The classes from the outermost to the first cause, and where the first was thrown, in one line. */
    static String line(Throwable failure) {
        StringBuilder line = new StringBuilder(failure.getClass().getName());
        Throwable innermost = failure;
        Throwable cause = ThrowableText.cause(innermost);
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            innermost = cause;
            line.append(" by ").append(innermost.getClass().getName());
            cause = ThrowableText.cause(innermost);
        }
        StackTraceElement[] trace = ThrowableText.stackTrace(innermost);
        return trace.length == 0
                ? line.toString()
                : line.append(" at ").append(trace[0]).toString();
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    @Override
    public String toString() {
        return name;
    }
}
