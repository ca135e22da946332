package io.oncemq.quickstart;

/** The run could not be carried through, so that there is nothing to judge. */
final class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JobFailedException(String message) {
        super(message);
    }
}
