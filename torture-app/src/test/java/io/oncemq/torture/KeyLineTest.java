package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyLineTest {
    private final KeyLine line = new KeyLine("k1");

    @Test
    void handsOverInOrderUpToItsWindow() {
        for (int i = 0; i < 20; i++) {
            line.add();
        }
        for (long expected = 1; expected <= 8; expected++) {
            assertThat(line.take()).isEqualTo(expected);
        }
        assertThat(line.take()).isZero();
        line.ended();
        assertThat(line.take()).isEqualTo(9);
    }

    @Test
    void whatIsUnknownGoesFirstWhenNothingIsOpenAnyMore() {
        for (int i = 0; i < 4; i++) {
            line.add();
        }
        line.take();
        line.take();
        line.take();
        line.unknown(3);
        line.unknown(2);
        assertThat(line.take()).as("1 is open").isZero();
        line.ended();
        assertThat(line.take()).isEqualTo(2);
        assertThat(line.take()).isEqualTo(3);
        assertThat(line.take()).isEqualTo(4);
    }
}
