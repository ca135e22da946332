package io.oncemq.torture;

/** The message cannot be handled now, and had no effect. */
final class PassingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PassingException(int attempt) {
        super("attempt " + attempt + " fails");
    }
}
