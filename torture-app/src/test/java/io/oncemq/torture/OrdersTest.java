package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrdersTest {
    @TempDir
    Path folder;

    @Test
    void anOrderIsReadAsItWasWritten() {
        Path file = folder.resolve("orders");
        assertThat(Order.readFrom(file)).isEqualTo(Order.NONE);
        Order die = Order.dieAt(3, Hook.AFTER_EFFECT, 12);
        die.writeTo(file);
        assertThat(Order.readFrom(file)).isEqualTo(die);
        Order.slow(4, 5_000).writeTo(file);
        assertThat(Order.readFrom(file)).isEqualTo(Order.slow(4, 5_000));
    }

    @Test
    void aProcessBeginsWithTheOrderThatStands() {
        Path file = folder.resolve("orders");
        Order.slow(1, 700).writeTo(file);
        assertThat(new Orders(file, hook -> {}).slowMillis()).isEqualTo(700);
    }

    @Test
    void theFateOfAMessageIsTheSameInEveryProcess() {
        assertThat(Fate.of(7, "k1-1")).isEqualTo(Fate.of(7, "k1-1"));
    }
}
