package io.oncemq.core.consume;

import java.util.function.Supplier;

/** What code of an application may throw. */
public enum HostileKind {
    RUNTIME_EXCEPTION(() -> new IllegalStateException("hostile")),
    ERROR(() -> new Error("hostile")),
    NO_SUCH_METHOD(() -> new NoSuchMethodError("hostile")),
    STACK_OVERFLOW(() -> new StackOverflowError("hostile")),
    TEXT_THROWS(Unspeakable::new),
    INTERRUPTED(() -> new InterruptedException("hostile"));

    final Supplier<Throwable> made;

    HostileKind(Supplier<Throwable> made) {
        this.made = made;
    }

    public <R> R thrown() {
        return HostileKind.<RuntimeException, R>raise(made.get());
    }

    /** Nothing of it can be read. */
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no stack trace");
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable, R> R raise(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
