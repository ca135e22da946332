package io.oncemq.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class DisplayTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void terminalRefreshesOneLineAndKeepsItBelowWhatStays() {
        Display display = new Display(new PrintStream(bytes, true, UTF_8), true);

        display.live("1 of 3");
        display.line("a fault");
        display.live("2 of 3");
        display.endLive();

        String newLine = System.lineSeparator();
        assertThat(bytes.toString(UTF_8))
                .isEqualTo("\r\u001b[K1 of 3\r\u001b[Ka fault" + newLine + "1 of 3\r\u001b[K2 of 3" + newLine);
    }

    @Test
    void elsewhereEachIsAPlainLine() {
        Display display = new Display(new PrintStream(bytes, true, UTF_8), false);

        display.live("1 of 3");
        display.line("a fault");
        display.endLive();

        assertThat(bytes.toString(UTF_8).lines()).containsExactly("1 of 3", "a fault");
    }

    @Test
    void mutedDisplayPrintsNothing() {
        Display display = new Display(new PrintStream(bytes, true, UTF_8), false);

        display.mute();
        display.live("1 of 3");
        display.line("a fault");

        assertThat(bytes.toString(UTF_8)).isEmpty();
    }
}
