package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops that share threads: each is one at a time, loses nothing, and costs no thread while it rests. */
@Timeout(120)
class EventLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long FAR = Duration.ofDays(1000).toNanos();

    private final LoopThreads threads = new LoopThreads("event-loop-test");
    private final List<Throwable> crashes = new CopyOnWriteArrayList<>();
    private final List<EventLoop> loops = new ArrayList<>();

    @AfterEach
    void close() {
        loops.forEach(loop -> loop.close(PATIENCE));
        threads.close(PATIENCE);
        assertThat(threadsNamed("oncemq-loops-event-loop-test")).isZero();
    }

    /** Bursts with breaks around the time after which a loop gives its thread back: so posts meet it in each of its states. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void tasksOfManyThreadsRunOneAtATimeInTheirOrderAndNoneIsLost(long seed) throws InterruptedException {
        int count = 8;
        int posters = 6;
        int each = 60;
        List<Counted> counted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            counted.add(new Counted(posters));
        }
        List<Thread> all = new ArrayList<>();
        for (int p = 0; p < posters; p++) {
            int poster = p;
            Random random = new Random(seed * 31 + p);
            Thread thread = new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    int number = n;
                    counted.forEach(one -> one.post(poster, number));
                    long jitter = random.nextInt(60_000_000) - 30_000_000L;
                    LockSupport.parkNanos(
                            random.nextInt(4) > 0 ? random.nextInt(50_000) : EventLoop.LINGER_NANOS + jitter);
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        for (Counted one : counted) {
            await().atMost(PATIENCE).until(() -> one.ran.get() == posters * each);
            assertThat(one.wrong).as("seed %d", seed).isEmpty();
        }
        assertThat(crashes).isEmpty();
    }

    /**
     * Each task is waited for, so that no later one can make good for a wake-up that was lost. The loop gives its thread back all the time, or
     * only sleeps, and longer than the test waits.
     */
    @ParameterizedTest
    @ValueSource(longs = {20_000L, 60_000_000_000L})
    void noTaskWaitsForTheNextHoweverItMeetsALoopThatFallsAsleep(long linger) throws InterruptedException {
        int rounds = 15_000;
        EventLoop loop =
                new EventLoop("oncemq-loop-brief", System::nanoTime, now -> now + FAR, crashes::add, threads, linger);
        loops.add(loop);
        loop.start();
        AtomicInteger ran = new AtomicInteger();
        List<Thread> posters = new ArrayList<>();
        for (int p = 0; p < 2; p++) {
            Random random = new Random(p);
            Thread poster = new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    AtomicBoolean mine = new AtomicBoolean();
                    loop.post(() -> mine.set(true));
                    if (!becomesTrue(mine)) {
                        return;
                    }
                    ran.incrementAndGet();
                    long until = System.nanoTime() + random.nextLong(60_000);
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                }
            });
            posters.add(poster);
            poster.start();
        }
        for (Thread poster : posters) {
            poster.join();
        }
        assertThat(ran).hasValue(2 * rounds);
        assertThat(crashes).isEmpty();
    }

    private static boolean becomesTrue(AtomicBoolean flag) {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!flag.get()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            Thread.yield();
        }
        return true;
    }

    @Test
    void aRestingLoopHasNoThreadAndItsTimerWakesIt() {
        AtomicInteger turns = new AtomicInteger();
        EventLoop loop = started("resting", now -> {
            turns.incrementAndGet();
            return now + FAR;
        });
        CountDownLatch rang = new CountDownLatch(1);
        long pause = Duration.ofSeconds(1).toNanos();
        loop.post(() -> loop.at(loop.now() + pause, rang::countDown));
        await().atMost(PATIENCE)
                .until(() -> rang.getCount() == 1 && threadsNamed("oncemq-loop-resting") == 0 || rang.getCount() == 0);
        await().atMost(PATIENCE).until(() -> rang.getCount() == 0);
        await().atMost(PATIENCE).until(() -> threadsNamed("oncemq-loop-resting") == 0);
        assertThat(loop.isThread()).isFalse();
        int before = turns.get();
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        assertThat(turns).as("it does not wake up by itself").hasValue(before);
    }

    @Test
    void aLoopThatWaitsHoldsUpNoOther() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(20);
        started("stuck", now -> now + FAR).post(() -> uninterruptibly(release));
        for (int i = 0; i < 20; i++) {
            started("free-" + i, now -> now + FAR).post(others::countDown);
        }
        others.await();
        release.countDown();
    }

    @Test
    void whatATaskThrowsEndsItsLoopAndNoOther() {
        EventLoop loop = started("broken", now -> now + FAR);
        EventLoop other = started("whole", now -> now + FAR);
        loop.post(() -> {
            throw new NoSuchMethodError("hostile");
        });
        await().atMost(PATIENCE).until(() -> crashes.size() == 1);
        assertThat(crashes.get(0)).isInstanceOf(NoSuchMethodError.class);
        assertThat(loop.isRunning()).isFalse();
        AtomicBoolean ran = new AtomicBoolean();
        other.post(() -> ran.set(true));
        await().atMost(PATIENCE).untilTrue(ran);
    }

    @Test
    void anInterruptOfOneLoopReachesNoOther() {
        AtomicInteger interrupted = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            EventLoop loop = started("interrupting-" + i, now -> now + FAR);
            loop.post(() -> {
                if (Thread.currentThread().isInterrupted()) {
                    interrupted.incrementAndGet();
                }
                ran.incrementAndGet();
                Thread.currentThread().interrupt();
            });
            int count = i + 1;
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> ran.get() == count);
            loop.close(PATIENCE);
        }
        assertThat(interrupted).hasValue(0);
    }

    @Test
    void closingEndsALoopInEachStateAndDropsLaterTasks() {
        EventLoop fresh = loop("fresh", now -> now + FAR);
        fresh.close(PATIENCE);
        fresh.start();
        EventLoop resting = started("closed-resting", now -> now + FAR);
        await().atMost(PATIENCE).until(() -> threadsNamed("oncemq-loop-closed-resting") == 0);
        resting.close(PATIENCE);
        EventLoop awake = started("closed-awake", now -> now);
        awake.close(PATIENCE);
        for (EventLoop each : List.of(fresh, resting, awake)) {
            AtomicBoolean ran = new AtomicBoolean();
            each.post(() -> ran.set(true));
            each.close(PATIENCE);
            assertThat(each.isRunning()).isFalse();
            assertThat(ran).isFalse();
        }
    }

    private EventLoop started(String name, EventLoop.Turn turn) {
        EventLoop loop = loop(name, turn);
        loop.start();
        return loop;
    }

    private EventLoop loop(String name, EventLoop.Turn turn) {
        EventLoop loop = new EventLoop("oncemq-loop-" + name, System::nanoTime, turn, crashes::add, threads);
        loops.add(loop);
        return loop;
    }

    private static long threadsNamed(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What it counts is plain: only one thread after another, each seeing the last one's writes, counts right. */
    private final class Counted {
        final AtomicInteger ran = new AtomicInteger();
        final List<String> wrong = new CopyOnWriteArrayList<>();
        private final AtomicReference<Thread> inside = new AtomicReference<>();
        private final int[] next;
        private int plain;
        private final EventLoop loop;

        Counted(int posters) {
            next = new int[posters];
            loop = started("counted", now -> now + FAR);
        }

        void post(int poster, int number) {
            loop.post(() -> {
                Thread before = inside.getAndSet(Thread.currentThread());
                if (before != null) {
                    wrong.add("two at once");
                }
                if (next[poster]++ != number) {
                    wrong.add("poster " + poster + " out of order at " + number);
                }
                plain++;
                if (plain != ran.get() + 1) {
                    wrong.add("did not see what was written before " + plain);
                }
                inside.set(null);
                ran.incrementAndGet();
            });
        }
    }
}
