package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Run it with {@code -Doncemq.docs.write=true} to write the page again. */
class ConfigurationReferenceTest {
    private static final Path PAGE = Path.of("").toAbsolutePath().getParent().resolve("docs/configuration.md");

    @Test
    void pageIsTheOneThatTheMetadataSay() throws Exception {
        String text = ConfigurationReference.text();
        if (Boolean.getBoolean("oncemq.docs.write")) {
            Files.writeString(PAGE, text);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(text);
    }

    @Test
    void everyPropertyHasADescription() throws Exception {
        assertThat(ConfigurationReference.text().lines().filter(line -> line.startsWith("| `")))
                .isNotEmpty()
                .noneMatch(line -> line.endsWith("|  |"));
    }
}
