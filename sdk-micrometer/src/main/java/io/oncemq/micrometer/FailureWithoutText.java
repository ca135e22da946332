package io.oncemq.micrometer;

/**
 * What observation handlers see of a failure: its class and where it was thrown. Its text may quote a body, and spans leave the
 * application. The failure itself is {@link ProcessContext#failure()} or {@link PublishContext#failure()}.
 */
final class FailureWithoutText extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private FailureWithoutText(String type) {
        super(type, null, false, true);
    }

    static FailureWithoutText of(Throwable failure) {
        FailureWithoutText shown = new FailureWithoutText(failure.getClass().getName());
        try {
            shown.setStackTrace(failure.getStackTrace());
        } catch (RuntimeException e) {
            shown.setStackTrace(new StackTraceElement[0]);
        }
        return shown;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
