package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.testkit.server.ChildProcess;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G18: an application that gets SIGTERM ends within {@code oncemq.shutdown-deadline} and 2 seconds, whatever hangs. */
class StopIT {
    private static final Duration DEADLINE = Duration.ofSeconds(8);

    @TempDir
    private Path folder;

    @Test
    void anApplicationEndsInTimeThoughItsHandlerBrokerAndStoreHang() throws IOException {
        try (KafkaServer kafka = KafkaServer.started();
                RedisServer redis = RedisServer.started();
                ChildProcess application = start(kafka.bootstrap(), redis.uri())) {
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                assertThat(application.isAlive())
                        .as(() -> application.logTail(40))
                        .isTrue();
                return Files.exists(folder.resolve("ready"));
            });
            kafka.pause();
            redis.pause();
            long began = System.nanoTime();
            application.terminate();
            assertThat(application.awaitExit(Duration.ofMinutes(2))).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as(() -> application.logTail(40))
                    .isLessThan(DEADLINE.plusSeconds(2));
        }
    }

    private ChildProcess start(String kafka, String redis) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx200m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                StoppingApp.class.getName(),
                kafka,
                redis,
                DEADLINE.toSeconds() + "s",
                folder.toString());
        return ChildProcess.start(command, Map.of(), folder, folder.resolve("log"));
    }
}
