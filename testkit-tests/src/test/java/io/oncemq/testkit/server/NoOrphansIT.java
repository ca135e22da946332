package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoOrphansIT {
    private static final Pattern PIDS = Pattern.compile("pids ([0-9 ]+)\n");

    @TempDir
    Path folder;

    @Test
    void serversDieWithAParentThatIsKilled() {
        try (ChildProcess parent = parent("wait")) {
            List<Long> pids = pids(parent);
            assertThat(pids)
                    .hasSize(RabbitInstallation.obstacle().isPresent() ? 4 : 6)
                    .allMatch(NoOrphansIT::lives);
            parent.kill();
            awaitDeathOf(pids);
        }
    }

    @Test
    void serversAndTheirDataGoWhenAParentIsTerminated() throws IOException {
        try (ChildProcess parent = parent("wait")) {
            List<Long> pids = pids(parent);
            assertThat(dataFolders()).isNotEmpty();
            parent.stop(Duration.ofMinutes(1));
            assertThat(parent.exitStatus()).isEqualTo(128 + 15);
            awaitDeathOf(pids);
            assertThat(dataFolders()).isEmpty();
        }
    }

    @Tag("slow")
    @Test
    void serversAndTheirDataGoWhenAParentExitsWithoutClosingThem() throws IOException {
        try (ChildProcess parent = parent("exit")) {
            assertThat(parent.awaitExit(Duration.ofMinutes(2))).isTrue();
            awaitDeathOf(pids(parent));
            assertThat(dataFolders()).isEmpty();
        }
    }

    private ChildProcess parent(String how) {
        List<String> command = List.of(
                Executables.java().toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                OrphanParent.class.getName(),
                how);
        return ChildProcess.start(command, Map.of(), folder, folder.resolve("parent.log"));
    }

    private static List<Long> pids(ChildProcess parent) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> PIDS.matcher(log(parent)).find());
        Matcher line = PIDS.matcher(log(parent));
        assertThat(line.find()).isTrue();
        return Stream.of(line.group(1).split(" ")).map(Long::valueOf).toList();
    }

    private static String log(ChildProcess parent) {
        return parent.logTail(200) + "\n";
    }

    private List<Path> dataFolders() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().matches("oncemq-(kafka|redis|rabbitmq|epmd)-.*"))
                    .toList();
        }
    }

    private static void awaitDeathOf(List<Long> pids) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(pids).noneMatch(NoOrphansIT::lives));
    }

    /** A zombie, a dead process that was not waited for, does not live. */
    private static boolean lives(long pid) {
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }
}
