package io.oncemq.testkit.server;

/** A fixture could not be set up; the message says what is missing, where it was looked for, and the remedy. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ServerException(String message) {
        super(message);
    }

    public ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
