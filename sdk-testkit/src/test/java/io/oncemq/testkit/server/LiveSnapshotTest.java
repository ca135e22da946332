package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveSnapshotTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void namesAThreadThatStaysAndItsStack() {
        LiveSnapshot snapshot = LiveSnapshot.take(List.of("leaky-"));
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = start("leaky-1", end);
        assertThat(snapshot.awaitNothingNew(SHORT)).singleElement().asString().contains("leaky-1");
        end.countDown();
        assertThat(snapshot.awaitNothingNew(LONG)).isEmpty();
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void passesOverThreadsThatWereThereOrHaveOtherNames() {
        CountDownLatch end = new CountDownLatch(1);
        Thread old = start("leaky-2", end);
        LiveSnapshot snapshot = LiveSnapshot.take(List.of("leaky-"));
        Thread other = start("other-1", end);
        assertThat(snapshot.awaitNothingNew(SHORT)).isEmpty();
        assertThat(List.of(old, other)).allMatch(Thread::isAlive);
        end.countDown();
    }

    @Test
    void namesAChildProcessThatStays() {
        LiveSnapshot snapshot = LiveSnapshot.take(List.of());
        try (ChildProcess child =
                ChildProcess.start(List.of("sleep", "1000"), Map.of(), folder, folder.resolve("log"))) {
            assertThat(snapshot.awaitNothingNew(SHORT))
                    .singleElement()
                    .asString()
                    .contains(Long.toString(child.pid()));
        }
        assertThat(snapshot.awaitNothingNew(LONG)).isEmpty();
    }

    private static Thread start(String name, CountDownLatch end) {
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
