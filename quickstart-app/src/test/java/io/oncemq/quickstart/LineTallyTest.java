package io.oncemq.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineTallyTest {
    @TempDir
    Path folder;

    @Test
    void countsCompleteLinesAsTheyAreAppended() throws Exception {
        Path file = folder.resolve("journal");
        LineTally tally = new LineTally(file);
        assertThat(tally.lines()).isZero();

        Files.writeString(file, "S one\nD two\nS thr");
        assertThat(tally.lines()).isEqualTo(2);
        assertThat(tally.lines('S')).isEqualTo(1);

        Files.writeString(file, "ee\n", StandardOpenOption.APPEND);
        assertThat(tally.lines()).isEqualTo(3);
        assertThat(tally.lines('S')).isEqualTo(2);
    }
}
