package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SourceLoopTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long FAR = Duration.ofDays(1).toNanos();

    /** Says what was called, and on which thread. */
    private static class Diary implements SourceLoop.Work {
        final List<String> lines = new CopyOnWriteArrayList<>();
        final AtomicInteger turns = new AtomicInteger();

        @Override
        public long turn() throws Exception {
            turns.incrementAndGet();
            return FAR;
        }

        @Override
        public void failed(Throwable error) {
            add("failed " + error.getMessage());
        }

        @Override
        public void end(Duration deadline) {
            add("end within " + deadline.toSeconds() + " interrupted="
                    + Thread.currentThread().isInterrupted());
        }

        final void add(String what) {
            lines.add(what + " on " + Thread.currentThread().getName());
        }
    }

    private final String here = Thread.currentThread().getName();
    private final LoopThreads threads = new LoopThreads("source-loop-test");
    private final Diary diary = new Diary();
    private final SourceLoop loop = new SourceLoop("source", diary, threads);

    @AfterEach
    void end() {
        threads.close(DEADLINE);
    }

    @Test
    void aRestingSourceHasNoThreadAndEachWakeUpIsFollowedByATurn() {
        loop.start();
        for (int n = 1; n < 50; n++) {
            int before = diary.turns.get();
            if (n % 10 == 0) {
                await().until(() -> !isRunning("source"));
            }
            loop.wake();
            await().pollInterval(Duration.ofMillis(1)).until(() -> diary.turns.get() > before);
        }
        loop.close(DEADLINE);
        assertThat(diary.lines).containsExactly("end within 30 interrupted=false on source");
    }

    @Test
    void aTurnIsRepeatedWhenItSaysSo() {
        Diary busy = new Diary() {
            @Override
            public long turn() {
                return turns.incrementAndGet() < 100
                        ? turns.get() % 2 * Duration.ofMillis(1).toNanos()
                        : FAR;
            }
        };
        SourceLoop repeating = new SourceLoop("busy", busy, threads);
        repeating.start();
        await().until(() -> busy.turns.get() == 100);
        repeating.close(DEADLINE);
        assertThat(busy.turns).hasValue(100);
    }

    @Test
    void closeReturnsAfterTheEndOfARestingSource() {
        loop.start();
        loop.start();
        await().until(() -> diary.turns.get() > 0 && !isRunning("source"));
        loop.close(DEADLINE);
        assertThat(diary.lines).hasSize(1);
        loop.close(DEADLINE);
        loop.start();
        loop.wake();
        assertThat(diary.lines).hasSize(1);
    }

    @Test
    void whatWasNeverStartedIsEndedByItsCloserAndStartsNoMore() {
        loop.close(DEADLINE);
        loop.start();
        loop.close(DEADLINE);
        assertThat(diary.lines).containsExactly("end within 30 interrupted=false on " + here);
        assertThat(diary.turns).hasValue(0);
    }

    /** S4, S5. */
    @Test
    void aFailureIsToldAndEndsTheWork() {
        Diary failing = new Diary() {
            @Override
            public long turn() {
                Thread.currentThread().interrupt();
                throw new NoSuchMethodError("of a turn");
            }
        };
        new SourceLoop("failing", failing, threads).start();
        await().until(() -> failing.lines.size() == 2);
        assertThat(failing.lines)
                .containsExactly("failed of a turn on failing", "end within 2 interrupted=false on failing");
    }

    @Test
    void theWorkMayCloseItselfAndDoesNotWaitForItself() {
        SourceLoop[] own = new SourceLoop[1];
        Diary closing = new Diary() {
            @Override
            public long turn() {
                own[0].close(DEADLINE);
                add("closed");
                return FAR;
            }
        };
        own[0] = new SourceLoop("own", closing, threads);
        own[0].start();
        await().until(() -> closing.lines.size() == 2);
        assertThat(closing.lines).containsExactly("closed on own", "end within 30 interrupted=false on own");
    }

    @Test
    void anEndThatOutlivesItsDeadlineIsCutOff() {
        CountDownLatch cut = new CountDownLatch(1);
        Diary stuck = new Diary() {
            @Override
            public void end(Duration deadline) {
                Contained.run(cut::await);
                super.end(deadline);
            }

            @Override
            public void cut() {
                add("cut");
                cut.countDown();
            }
        };
        SourceLoop slow = new SourceLoop("slow", stuck, threads);
        slow.start();
        await().until(() -> stuck.turns.get() > 0);
        slow.close(Duration.ZERO);
        await().until(() -> stuck.lines.size() == 2);
        assertThat(stuck.lines).containsExactly("cut on " + here, "end within 0 interrupted=false on slow");
    }

    private static boolean isRunning(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name));
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
