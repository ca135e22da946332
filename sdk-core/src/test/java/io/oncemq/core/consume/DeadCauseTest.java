package io.oncemq.core.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.StoreCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadCauseTest {
    private static final DeadCause UNKNOWN = new DeadCause("resumed", null);

    @Test
    void readsWhatItHasWritten() {
        DeadCause failed = DeadCause.of("not-retryable", new IllegalStateException("card 4711"));
        assertThat(failed.text()).isEqualTo("not-retryable java.lang.IllegalStateException");
        assertThat(DeadCause.recorded(failed.text())).isEqualTo(failed);
        DeadCause expired = DeadCause.of("expired", null);
        assertThat(DeadCause.recorded(expired.text())).isEqualTo(expired);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "resumed", "of-a-later-version java.lang.Error"})
    void whatItDoesNotKnowIsResumed(String text) {
        assertThat(DeadCause.recorded(text)).isEqualTo(UNKNOWN);
    }

    @Test
    void aLongClassNameIsCutBetweenItsLetters() {
        DeadCause cause = new DeadCause("not-retryable", "org.example." + "\uD83D\uDE00".repeat(100));
        String text = cause.text();
        assertThat(text.getBytes(UTF_8).length)
                .isBetween(StoreCommand.MOST_CAUSE_BYTES - 3, StoreCommand.MOST_CAUSE_BYTES);
        assertThat(cause.failure()).startsWith(DeadCause.recorded(text).failure());
        assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
    }

    @Test
    void whatFitsExactlyIsNotCut() {
        String reason = "expired";
        String name = "C".repeat(StoreCommand.MOST_CAUSE_BYTES - reason.length() - 1);
        assertThat(new DeadCause(reason, name).text()).isEqualTo(reason + " " + name);
        assertThat(new DeadCause(reason, name + "D").text()).isEqualTo(reason + " " + name);
    }
}
