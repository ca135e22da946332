package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    @TempDir
    Path folder;

    @Test
    void appendsWhatIsPrintedToTheLogAndReportsTheStatus() {
        try (ChildProcess child = start("sh", "-c", "echo one; echo \"$NAME\" >&2; pwd; exit 7")) {
            assertThat(child.awaitExit(Duration.ofSeconds(20))).isTrue();
            assertThat(child.exitStatus()).isEqualTo(7);
            assertThat(child.logTail(3).lines().toList()).startsWith("one", "two words");
            assertThat(child.logTail(1)).endsWith(folder.getFileName().toString());
        }
    }

    @Test
    void reportsAProgramThatDoesNotExistWithStatus127() {
        try (ChildProcess child = start("no-such-program")) {
            assertThat(child.awaitExit(Duration.ofSeconds(20))).isTrue();
            assertThat(child.exitStatus()).isEqualTo(127);
            assertThat(child.logTail(5)).contains("no-such-program");
        }
    }

    @Test
    void killsAProgramThatIgnoresBeingAskedToStop() {
        try (ChildProcess child = start("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done")) {
            await().until(() -> child.logTail(1).equals("ready"));
            child.stop(Duration.ofMillis(100));
            assertThat(child.isAlive()).isFalse();
            assertThat(child.exitStatus()).isEqualTo(128 + 9);
        }
    }

    @Test
    void freezesAndGoesOn() {
        try (ChildProcess child = start("sh", "-c", "while :; do echo tick; sleep 0.01; done")) {
            await().until(() -> child.logTail(1).equals("tick"));
            child.pause();
            long size = Readiness.size(child.log());
            await().during(Duration.ofMillis(300)).until(() -> Readiness.size(child.log()) == size);
            child.resume();
            await().until(() -> Readiness.size(child.log()) > size);
        }
    }

    /** The signal alone says nothing: the process may run for a while after it. */
    @Test
    void standsStillOnceItIsPaused() throws Exception {
        try (ChildProcess child = start("sh", "-c", "while :; do :; done")) {
            Path stat = Path.of("/proc", Long.toString(child.pid()), "stat");
            assumeTrue(Files.exists(stat), "no /proc");
            for (int round = 0; round < 50; round++) {
                child.pause();
                assertThat(Files.readString(stat)).contains(") T ");
                child.resume();
            }
        }
    }

    private ChildProcess start(String... command) {
        return ChildProcess.start(List.of(command), Map.of("NAME", "two words"), folder, folder.resolve("log"));
    }
}
