package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RocketCapabilitiesTest {
    @Test
    void pageOnBrokersSaysWhatThisOneDeclares() throws Exception {
        List<String> lines =
                Files.readAllLines(Path.of("").toAbsolutePath().getParent().resolve("docs/choosing-a-broker.md"));
        int column = lines.stream()
                .filter(line -> line.startsWith("| feature |"))
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .findAny()
                .orElseThrow()
                .indexOf("RocketMQ");
        Map<String, String> told = lines.stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1))
                .collect(Collectors.toMap(cells -> cells[1].strip().replace("`", ""), cells -> cells[column].strip()));
        assertThat(told)
                .isEqualTo(Arrays.stream(Feature.values())
                        .collect(Collectors.toMap(
                                Feature::name,
                                feature -> RocketCapabilities.ALL.of(feature).level() + ": "
                                        + RocketCapabilities.ALL.of(feature).note())));
    }
}
