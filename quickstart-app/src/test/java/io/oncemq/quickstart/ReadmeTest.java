package io.oncemq.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path EXAMPLE = Path.of("src/test/java/io/oncemq/quickstart/ReadmeExample.java");

    @Test
    void exampleIsTheOneThatIsCompiled() throws Exception {
        String[] parts = Files.readString(EXAMPLE).split("( *)// readme\\R");
        String example = parts[1].stripTrailing().stripIndent();

        assertThat(example.lines().count()).isBetween(10L, 15L);
        assertThat(readme()).contains("```java\n" + example + "\n```");
    }

    @Test
    void saysNowhereThatEffectsHappenExactlyOnce() throws Exception {
        assertThat(readme().toLowerCase(Locale.ROOT)).doesNotContain("exactly-once", "exactly once");
    }

    private static String readme() throws Exception {
        return Files.readString(ROOT.resolve("README.md"));
    }
}
