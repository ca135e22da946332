package io.oncemq.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class ExactTextTest {
    @Test
    void digestsOfTwoThreadsDoNotMix() throws Exception {
        byte[] expected = MessageDigest.getInstance("SHA-256").digest("one two".getBytes(UTF_8));
        MessageDigest mine = ExactText.sha256();
        mine.update("one ".getBytes(UTF_8));
        Thread other = new Thread(() -> ExactText.sha256().update("other".getBytes(UTF_8)));
        other.start();
        other.join();
        mine.update("two".getBytes(UTF_8));
        assertThat(mine.digest()).isEqualTo(expected);
    }

    @Test
    void aDigestThatWasLeftUnfinishedDoesNotReachTheNext() throws Exception {
        byte[] expected = MessageDigest.getInstance("SHA-256").digest("two".getBytes(UTF_8));
        ExactText.sha256().update("one".getBytes(UTF_8));
        assertThat(ExactText.sha256().digest("two".getBytes(UTF_8))).isEqualTo(expected);
    }

    @Test
    void textsThatAreNoUnicodeAreToldApart() {
        assertThat(ExactText.bytes("\uD800")).isNotEqualTo(ExactText.bytes("\uD801"));
        assertThat(ExactText.bytes("\uD800")).isNotEqualTo(ExactText.bytes("?"));
        assertThat(ExactText.bytes("é")).isEqualTo("é".getBytes(UTF_8));
    }
}
