package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

class SourceThreadTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** Says what was called, and on which thread. */
    private static class Diary implements SourceThread.Work {
        final List<String> lines = new CopyOnWriteArrayList<>();
        final Semaphore turns = new Semaphore(0);

        @Override
        public void begin() throws Exception {
            add("begin");
        }

        @Override
        public void turn() throws Exception {
            turns.acquire();
        }

        @Override
        public void failed(Throwable error) {
            add("failed " + error.getMessage());
        }

        @Override
        public void end(Duration deadline) {
            add("end within " + deadline.toSeconds());
        }

        @Override
        public void wake() {
            turns.release(100);
        }

        final void add(String what) {
            lines.add(what + " on " + Thread.currentThread().getName());
        }
    }

    private final String here = Thread.currentThread().getName();
    private final Diary diary = new Diary();
    private final SourceThread thread = new SourceThread("worker", diary);

    /** S5: else every wait of a drain would end at once. */
    @Test
    void anInterruptThatTheLastTurnLeavesBehindDoesNotReachTheEnd() throws Exception {
        CountDownLatch turning = new CountDownLatch(1);
        Diary interrupted = new Diary() {
            @Override
            public void turn() throws Exception {
                turning.countDown();
                super.turn();
                Thread.currentThread().interrupt();
            }

            @Override
            public void end(Duration deadline) {
                add("end interrupted=" + Thread.currentThread().isInterrupted());
            }
        };
        SourceThread ending = new SourceThread("worker", interrupted);
        ending.start();
        turning.await();
        ending.close(DEADLINE);
        assertThat(interrupted.lines).last().isEqualTo("end interrupted=false on worker");
    }

    @Test
    void endsOnItselfAndCloseReturnsBehindThat() {
        thread.start();
        thread.start();
        thread.close(DEADLINE);
        assertThat(diary.lines).containsExactly("begin on worker", "end within 30 on worker");
        thread.close(DEADLINE);
        thread.start();
        assertThat(diary.lines).hasSize(2);
    }

    @Test
    void whatWasNeverStartedIsEndedByItsCloserAndStartsNoMore() {
        thread.close(DEADLINE);
        thread.start();
        thread.close(DEADLINE);
        assertThat(diary.lines).containsExactly("end within 30 on " + here);
    }

    @Test
    void aFailureIsToldAndEndsTheWork() {
        Diary failing = new Diary() {
            @Override
            public void turn() {
                throw new IllegalStateException("of a turn");
            }
        };
        new SourceThread("failing", failing).start();
        await().until(() -> failing.lines.size() == 3);
        assertThat(failing.lines)
                .containsExactly("begin on failing", "failed of a turn on failing", "end within 2 on failing");
    }

    @Test
    void aBeginningThatFailsIsToldToo() {
        Diary failing = new Diary() {
            @Override
            public void begin() throws Exception {
                throw new Exception("of the beginning");
            }
        };
        new SourceThread("failing", failing).start();
        await().until(() -> failing.lines.size() == 2);
        assertThat(failing.lines).containsExactly("failed of the beginning on failing", "end within 2 on failing");
    }

    @Test
    void theWorkMayCloseItselfAndDoesNotWaitForItself() {
        SourceThread[] own = new SourceThread[1];
        Diary closing = new Diary() {
            @Override
            public void turn() {
                own[0].close(DEADLINE);
                add("closed");
            }
        };
        own[0] = new SourceThread("own", closing);
        own[0].start();
        await().until(() -> closing.lines.size() == 3);
        assertThat(closing.lines).containsExactly("begin on own", "closed on own", "end within 30 on own");
    }

    @Test
    void anEndThatOutlivesItsDeadlineIsCutOff() {
        CountDownLatch cut = new CountDownLatch(1);
        Diary stuck = new Diary() {
            @Override
            public void end(Duration deadline) {
                try {
                    cut.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.end(deadline);
            }

            @Override
            public void cut() {
                add("cut");
                cut.countDown();
            }
        };
        SourceThread slow = new SourceThread("slow", stuck);
        slow.start();
        await().until(() -> !stuck.lines.isEmpty());
        slow.close(Duration.ZERO);
        await().until(() -> stuck.lines.size() == 3);
        assertThat(stuck.lines).containsExactly("begin on slow", "cut on " + here, "end within 0 on slow");
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
