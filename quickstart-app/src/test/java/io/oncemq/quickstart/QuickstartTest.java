package io.oncemq.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helpIsPrintedWithStatusZero() {
        assertThat(command("--messages", "0", "--help")).isZero();

        assertThat(out.toString(UTF_8))
                .startsWith("usage: ./quickstart")
                .contains("--input FILE.jsonl", "inCrashWindow");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void wrongOptionEndsWithStatusTwoAndNothingOnStandardOutput() {
        assertThat(command("--fast")).isEqualTo(2);

        assertThat(err.toString(UTF_8)).startsWith("quickstart: unknown option --fast");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void inputWithoutAnyMessageIsAWrongOption(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("in.jsonl"), "nonsense\n{\"id\":1}\n");

        assertThat(command("--input", file.toString())).isEqualTo(2);

        assertThat(err.toString(UTF_8))
                .contains("line 1: ", "line 2: field 'key' is missing", "no line of it is a message");
    }

    private int command(String... arguments) {
        return Quickstart.command(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false, arguments);
    }
}
