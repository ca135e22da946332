package io.oncemq.torture;

/** The message can never be handled. */
final class PoisonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PoisonException(String id) {
        super("poison: " + id);
    }
}
