package io.oncemq.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTableTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 20261121, -9})
    void numbersTextsAsAMapWould(long seed) {
        Random random = new Random(seed);
        TextTable table = new TextTable();
        Map<String, Integer> model = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            String text = "é-" + random.nextInt(80_000) + "x".repeat(random.nextInt(40));
            int expected = model.computeIfAbsent(text, unused -> model.size());
            assertThat(table.add(text)).isEqualTo(expected);
        }
        assertThat(table.size()).isEqualTo(model.size());
        model.forEach((text, number) -> assertThat(table.text(number)).isEqualTo(text));
    }

    @Test
    void takesTextsUpToAMegabyte() {
        TextTable table = new TextTable();
        String large = "x".repeat((1 << 20) - 4);
        assertThat(table.add("small")).isZero();
        assertThat(table.add(large)).isEqualTo(1);
        assertThat(table.text(1)).isEqualTo(large);
        assertThatThrownBy(() -> table.add(large + "y")).isInstanceOf(IllegalArgumentException.class);
    }
}
