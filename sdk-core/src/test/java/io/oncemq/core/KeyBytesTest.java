package io.oncemq.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.KeyHash;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyBytesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "order-7", "schlüssel", "€", "😀 key", "\uFFFD stands for itself"})
    void validTextIsUtf8(String text) {
        assertThat(KeyBytes.of(text)).isEqualTo(text.getBytes(UTF_8));
        assertThat(KeyBytes.text(text.getBytes(UTF_8))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff",
                "fe",
                "c3",
                "c328",
                "e282",
                "f09f98",
                "eda080",
                "c080",
                "61ff62fe63",
                "efbfbdff",
                "0000ffff"
            })
    void otherBytesComeBackExactly(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(KeyBytes.of(KeyBytes.text(bytes))).isEqualTo(bytes);
        assertThat(KeyHash.of(KeyBytes.text(bytes))).isEqualTo(KeyHash.of(bytes));
    }

    @Test
    void differentBytesAreDifferentTexts() {
        Random random = new Random(7);
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(5)];
            random.nextBytes(bytes);
            String hex = HexFormat.of().formatHex(bytes);
            String text = KeyBytes.text(bytes);
            assertThat(seen.merge(text, hex, (one, other) -> one)).isEqualTo(hex);
            assertThat(HexFormat.of().formatHex(KeyBytes.of(text))).isEqualTo(hex);
        }
    }
}
