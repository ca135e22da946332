package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Capabilities;
import io.oncemq.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JmsCapabilitiesTest {
    @Test
    void pageOnBrokersSaysWhatArtemisDeclares() throws Exception {
        assertThat(column("Artemis")).isEqualTo(declared(ArtemisCapabilities.ALL));
    }

    @Test
    void pageOnBrokersSaysWhatClassicDeclares() throws Exception {
        assertThat(column("Classic")).isEqualTo(declared(ActiveMqCapabilities.of(true)));
    }

    private static Map<String, String> declared(Capabilities capabilities) {
        return Arrays.stream(Feature.values())
                .collect(Collectors.toMap(
                        Feature::name,
                        feature -> capabilities.of(feature).level() + ": "
                                + capabilities.of(feature).note()));
    }

    private static Map<String, String> column(String broker) throws Exception {
        List<String> lines =
                Files.readAllLines(Path.of("").toAbsolutePath().getParent().resolve("docs/choosing-a-broker.md"));
        int column = lines.stream()
                .filter(line -> line.startsWith("| feature |"))
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .findAny()
                .orElseThrow()
                .indexOf(broker);
        return lines.stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1))
                .collect(Collectors.toMap(cells -> cells[1].strip().replace("`", ""), cells -> cells[column].strip()));
    }
}
