package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LoopThreadsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger failing = new AtomicInteger();

    /** As Thread.start does when the process may have no more threads. */
    private Thread thread(Runnable task) {
        return new Thread(task, "oncemq-loops-test") {
            @Override
            public synchronized void start() {
                if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.start();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void aThreadThatCannotStartIsTriedAgainAndTheCallerIsNotHurt(int starts) throws InterruptedException {
        failing.set(starts);
        LoopThreads threads = new LoopThreads("test", this::thread);
        CountDownLatch ran = new CountDownLatch(2);
        threads.run("one", ran::countDown);
        threads.run("other", ran::countDown);
        ran.await();
        threads.close(PATIENCE);
    }

    @Test
    void aThreadHasTheNameOfItsLoopAndNothingThatAnotherOneLeft() throws InterruptedException {
        LoopThreads threads = new LoopThreads("named");
        List<String> names = new CopyOnWriteArrayList<>();
        AtomicInteger interrupted = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            threads.run("loop-" + i, () -> {
                names.add(Thread.currentThread().getName());
                interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                Thread.currentThread().interrupt();
                ran.countDown();
            });
            ran.await();
        }
        assertThat(names).hasSize(20).contains("loop-0", "loop-19");
        assertThat(interrupted).hasValue(0);
        await().atMost(PATIENCE).until(() -> named("loop-") == 0);
        threads.close(PATIENCE);
        await().atMost(PATIENCE).until(() -> named("oncemq-loops-named") + named("oncemq-timer-named") == 0);
    }

    @Test
    void aLoopThatComesAfterTheEndStillRuns() throws InterruptedException {
        LoopThreads threads = new LoopThreads("late");
        threads.close(PATIENCE);
        CountDownLatch ran = new CountDownLatch(1);
        threads.run("late-loop", ran::countDown);
        ran.await();
        assertThat(threads.later(1, () -> {}))
                .as("nobody wakes it any more, so it must not rest")
                .isNull();
        await().atMost(PATIENCE).until(() -> named("oncemq-loops-late") == 0);
    }

    @Test
    void theProcessIsKeptAliveWhileARunThatIsNoDaemonLasts() {
        LoopThreads threads = new LoopThreads("kept");
        threads.beginRun();
        threads.beginRun();
        threads.endRun();
        assertThat(keepers()).hasSize(1).allMatch(thread -> !thread.isDaemon());
        threads.endRun();
        await().atMost(PATIENCE).until(() -> keepers().isEmpty());
        threads.beginRun();
        assertThat(keepers()).hasSize(1);
        threads.endRun();
        await().atMost(PATIENCE).until(() -> keepers().isEmpty());
        AtomicBoolean allDaemons = new AtomicBoolean();
        threads.run("daemon", () -> allDaemons.set(Thread.currentThread().isDaemon()));
        await().atMost(PATIENCE).untilTrue(allDaemons);
        threads.close(PATIENCE);
    }

    private static List<Thread> keepers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("oncemq-keep-kept"))
                .toList();
    }

    private static long named(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }
}
