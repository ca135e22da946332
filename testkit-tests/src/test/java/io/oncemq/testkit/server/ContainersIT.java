package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What only containers do; runs where {@code oncemq.servers} is {@code docker}. */
@Tag("needs-engine")
@ExtendWith(LeakCheck.class)
class ContainersIT {
    @TempDir
    Path folder;

    @Test
    void runsBothServersInContainersAndSaysSo() {
        try (Servers servers = Servers.kafkaAndRedis()) {
            assertThat(servers.kafka().backEnd()).isEqualTo(BackEnd.DOCKER);
            assertThat(servers.redis().backEnd()).isEqualTo(BackEnd.DOCKER);
            assertThat(servers.kafka().description())
                    .isEqualTo("Kafka " + BackEnds.image("kafka", "apache/kafka:4.4.0"));
            assertThat(servers.kafka().log(0)).content().contains("Kafka Server started");
            assertThatThrownBy(() -> servers.kafka().pid(0))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("asProcess()");
            assertThat(containersOf(ProcessHandle.current().pid())).hasSize(2);
        }
        assertThat(containersOf(ProcessHandle.current().pid())).isEmpty();
    }

    @Test
    void keepsThreeNodesAsProcesses() {
        try (KafkaServer kafka = KafkaServer.builder().nodes(3).build()) {
            assertThat(kafka.backEnd()).isEqualTo(BackEnd.PROCESS);
        }
    }

    /** Testcontainers itself would try for two minutes. */
    @Test
    @Timeout(60)
    void tellsAtOnceThatAnImageCannotBeHad() {
        assertThatThrownBy(() -> BackEnds.choose("Redis", "registry.invalid/redis:8", null))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("does not have the image registry.invalid/redis:8 and cannot pull it")
                .hasMessageContaining("oncemq.image.redis");
    }

    @Test
    void containersGoWithAJvmThatExitsWithoutClosingThem() {
        try (ChildProcess parent = parent("exit")) {
            assertThat(parent.awaitExit(Duration.ofMinutes(2))).isTrue();
            assertThat(parent.logTail(50)).contains("started as docker, which it is");
            assertThat(containersOf(parent.pid())).isEmpty();
        }
    }

    @Test
    void containersOfAKilledJvmGoWhenTheNextOneLooks() {
        try (ChildProcess parent = parent("wait")) {
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(parent.logTail(50)).contains("which it is"));
            Orphans.remove(client());
            assertThat(containersOf(parent.pid())).as("of a JVM that lives").hasSize(1);
            parent.kill();
            Orphans.remove(client());
            assertThat(containersOf(parent.pid())).isEmpty();
        }
    }

    private ChildProcess parent(String how) {
        List<String> command = List.of(
                Executables.java().toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-Doncemq.servers=docker",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                OrphanContainers.class.getName(),
                how);
        return ChildProcess.start(command, Map.of(), folder, folder.resolve("parent.log"));
    }

    private static List<String> containersOf(long pid) {
        return client().listContainersCmd().withShowAll(true).exec().stream()
                .filter(container -> container
                        .getLabels()
                        .entrySet()
                        .containsAll(Orphans.label(pid).entrySet()))
                .map(container -> container.getId())
                .toList();
    }

    private static DockerClient client() {
        return DockerEngine.find().client();
    }
}
