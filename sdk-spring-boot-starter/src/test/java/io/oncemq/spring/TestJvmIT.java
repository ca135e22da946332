package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.testkit.server.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests with {@code @OnceMqTest}: contexts close before their servers, so the JVM ends at once, and it prints little. */
class TestJvmIT {
    /** Surefire kills a JVM that needs 30 seconds. */
    private static final Duration TO_THE_END = Duration.ofSeconds(15);

    private static final int LINES = 150;

    /** The logging of Boot for an application that sets nothing; this module's own tests print less. */
    private static final String LOGGING = """
            <configuration>
              <include resource="org/springframework/boot/logging/logback/defaults.xml"/>
              <include resource="org/springframework/boot/logging/logback/console-appender.xml"/>
              <root level="INFO"><appender-ref ref="CONSOLE"/></root>
            </configuration>
            """;

    @TempDir
    private Path folder;

    @Test
    void aTestJvmWithSeveralContextsEndsSoonAndPrintsLittle() throws IOException {
        Path done = folder.resolve("done");
        try (ChildProcess jvm = start(done)) {
            await().atMost(Duration.ofMinutes(5)).until(() -> {
                assertThat(jvm.isAlive() || Files.exists(done))
                        .as(() -> jvm.logTail(60))
                        .isTrue();
                return Files.exists(done);
            });
            long began = System.nanoTime();
            assertThat(jvm.awaitExit(Duration.ofMinutes(2))).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as(() -> jvm.logTail(60))
                    .isLessThan(TO_THE_END);
            assertThat(jvm.exitStatus()).as(() -> jvm.logTail(60)).isZero();
            List<String> log = Files.readAllLines(jvm.log());
            assertThat(log).hasSizeLessThan(LINES);
            assertThat(log).filteredOn(line -> line.contains(TestJvm.CLOSED)).hasSize(2);
            assertThat(log).noneMatch(line -> line.contains("could not be established"));
            assertThat(log).noneMatch(line -> line.contains(" ERROR ") || line.contains("Exception"));
        }
    }

    private ChildProcess start(Path done) throws IOException {
        Path logging = Files.writeString(folder.resolve("logback.xml"), LOGGING);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogging.config=" + logging,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TestJvm.class.getName(),
                done.toString());
        return ChildProcess.start(command, Map.of(), folder, folder.resolve("log"));
    }
}
