package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerHintsTest {
    @TempDir
    Path folder;

    @Test
    void saysWhatIsMissingWhereNothingPointsToAnEngine() {
        assertThat(DockerHints.absence(Map.of("DOCKER_HOST", ""), folder, folder, false))
                .hasValueSatisfying(why -> assertThat(why).contains("DOCKER_HOST is not set"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"var/run/docker.sock", ".docker/run/docker.sock", ".rd/docker.sock", ".testcontainers.properties"
            })
    void goesOnToAskWhereAFilePointsToAnEngine(String file) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
        assertThat(DockerHints.absence(Map.of(), folder, folder, false)).isEmpty();
    }

    @Test
    void goesOnToAskWhereTheEnvironmentNamesAnEngine() {
        assertThat(DockerHints.absence(Map.of("DOCKER_HOST", "tcp://localhost:2375"), folder, folder, false))
                .isEmpty();
    }
}
