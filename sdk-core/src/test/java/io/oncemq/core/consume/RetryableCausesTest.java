package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** A wrapped failure is still the failure that was declared. */
class RetryableCausesTest {
    private static final RetryPolicy POLICY =
            RetryPolicy.builder().maxAttempts(1).deadLetterOn(IOException.class).build();

    @Test
    void whatAnExceptionThatIsNotRetriedHasCausedIsNotRetriedEither() {
        assertThat(POLICY.isRetryable(new IOException())).isFalse();
        assertThat(POLICY.isRetryable(new UncheckedIOException(new IOException())))
                .isFalse();
        assertThat(POLICY.isRetryable(new IllegalStateException(new UncheckedIOException(new IOException()))))
                .isFalse();
        assertThat(POLICY.isRetryable(new IllegalStateException(new RuntimeException())))
                .isTrue();
    }

    @Test
    void anExceptionThatIsDeclaredItselfIsRetriedWhateverItsCause() {
        RetryPolicy both =
                POLICY.toBuilder().retryOn(UncheckedIOException.class).build();
        assertThat(both.isRetryable(new UncheckedIOException(new IOException())))
                .isTrue();
        assertThat(both.isRetryable(new IllegalStateException())).isFalse();
    }

    @Test
    void causesThatFormACircleOrCannotBeReadEnd() {
        Exception one = new Exception();
        one.initCause(new Exception(one));
        assertThat(POLICY.isRetryable(one)).isTrue();
        assertThat(POLICY.isRetryable(new RuntimeException() {
                    @Override
                    public synchronized Throwable getCause() {
                        throw new IllegalStateException("hostile");
                    }
                }))
                .isTrue();
    }
}
