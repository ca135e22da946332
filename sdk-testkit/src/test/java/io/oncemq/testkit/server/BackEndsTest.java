package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackEndsTest {
    private static final Function<String, Optional<String>> CAN_RUN = image -> Optional.empty();
    private static final Function<String, Optional<String>> NO_ENGINE = image -> Optional.of("no engine runs " + image);

    @ParameterizedTest
    @ValueSource(strings = {"auto", "docker", "DOCKER"})
    void takesAContainerWhereOneCanRun(String setting) {
        assertThat(BackEnds.choose("Redis", "redis:8", null, setting, CAN_RUN)).isEqualTo(BackEnd.DOCKER);
    }

    @Test
    void takesAProcessWhereNoContainerCanRun() {
        assertThat(BackEnds.choose("Redis", "redis:8", null, "auto", NO_ENGINE)).isEqualTo(BackEnd.PROCESS);
    }

    @Test
    void saysWhyADemandedContainerCannotRunAndWhatHelps() {
        assertThatThrownBy(() -> BackEnds.choose("Redis", "redis:8", null, "docker", NO_ENGINE))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("oncemq.servers=docker, but no engine runs redis:8")
                .hasMessageContaining("oncemq.image.redis")
                .hasMessageContaining("oncemq.servers=process");
    }

    @Test
    void runsAsAProcessWhateverContainersDoNotOffer() {
        assertThat(BackEnds.choose("Kafka", "apache/kafka", "three nodes", "docker", CAN_RUN))
                .isEqualTo(BackEnd.PROCESS);
    }

    @Test
    void asksForNoEngineWhereProcessesAreDemanded() {
        assertThat(BackEnds.choose("Redis", "redis:8", null, "process", image -> {
                    throw new AssertionError("asked");
                }))
                .isEqualTo(BackEnd.PROCESS);
    }

    @Test
    void refusesAValueThatItDoesNotKnow() {
        assertThatThrownBy(() -> BackEnds.choose("Redis", "redis:8", null, "podman", CAN_RUN))
                .isInstanceOf(ServerException.class)
                .hasMessage("oncemq.servers must be one of [auto, docker, process], not podman");
    }
}
