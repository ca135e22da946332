package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
    @TempDir
    Path runs;

    @Test
    void theRunBeforeStaysBesideTheNew() throws Exception {
        for (String run : new String[] {"first", "second", "third"}) {
            WorkFolder folder = WorkFolder.fresh(runs.resolve("kafka-1"));
            assertThat(folder.history()).isEmptyDirectory();
            Files.writeString(folder.file("report.md"), run);
        }
        assertThat(runs.resolve("kafka-1").resolve("report.md")).hasContent("third");
        assertThat(runs.resolve("kafka-1.before").resolve("report.md")).hasContent("second");
        try (var all = Files.list(runs)) {
            assertThat(all).hasSize(2);
        }
    }
}
