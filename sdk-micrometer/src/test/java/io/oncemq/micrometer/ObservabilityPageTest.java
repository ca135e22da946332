package io.oncemq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.docs.KeyName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/observability.md has exactly the meters and observations that there are. */
class ObservabilityPageTest {
    private static final Path PAGE = Path.of("..", "docs", "observability.md");

    private static List<String> rows(String beginning) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith(beginning))
                .toList();
    }

    private static String names(KeyName[] keys) {
        return Arrays.stream(keys).map(key -> "`" + key.asString() + "`").collect(Collectors.joining(", "));
    }

    @Test
    void listsEveryMeterWithItsTypeAndTags() throws IOException {
        List<String> expected = Arrays.stream(OnceMqMeter.values())
                .map(each -> "| `" + each.getName() + "` | "
                        + each.getType().name().toLowerCase(Locale.ROOT) + " | " + names(each.getKeyNames()) + " | "
                        + each.meaning() + " |")
                .toList();
        List<String> listed = rows("| `").stream()
                .filter(row -> row.matches("\\| `[a-z.]+` \\| (counter|timer|gauge) \\| .*"))
                .toList();
        assertThat(listed).isEqualTo(expected);
    }

    @Test
    void listsEveryObservationWithItsKeyValues() throws IOException {
        List<String> expected = Arrays.stream(OnceMqObservation.values())
                .map(each -> "| `" + each.getName() + "` | span | `" + each.getContextualName() + "` | "
                        + names(each.getLowCardinalityKeyNames()) + " | " + names(each.getHighCardinalityKeyNames())
                        + " |")
                .toList();
        assertThat(rows("| `oncemq.").stream().filter(row -> row.contains("` | span |")))
                .isEqualTo(expected);
    }
}
