package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class InFlightBudgetTest {
    private static final long NEVER = Long.MAX_VALUE / 2;

    private final AtomicLong nanos = new AtomicLong();

    private boolean acquire(InFlightBudget budget, int size) {
        return budget.acquire(size, nanos.get(), nanos::get);
    }

    private Waiting waiting(InFlightBudget budget, int size, long deadline) {
        Waiting waiting = new Waiting();
        Thread thread = new Thread(() -> waiting.got.complete(budget.acquire(size, deadline, nanos::get)));
        thread.setDaemon(true);
        waiting.thread.set(thread);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || waiting.got.isDone());
        return waiting;
    }

    private static final class Waiting {
        private final CompletableFuture<Boolean> got = new CompletableFuture<>();
        private final AtomicReference<Thread> thread = new AtomicReference<>();
    }

    @Test
    void boundsTheNumberOfMessages() {
        InFlightBudget budget = new InFlightBudget(2, 1_000);
        assertThat(acquire(budget, 1)).isTrue();
        assertThat(acquire(budget, 1)).isTrue();
        assertThat(acquire(budget, 1)).isFalse();
        budget.release(1);
        assertThat(acquire(budget, 1)).isTrue();
        assertThat(budget.messages()).isEqualTo(2);
    }

    @Test
    void boundsTheirBytes() {
        InFlightBudget budget = new InFlightBudget(100, 1_000);
        assertThat(acquire(budget, 600)).isTrue();
        assertThat(acquire(budget, 500)).isFalse();
        assertThat(acquire(budget, 400)).isTrue();
        assertThat(budget.bytes()).isEqualTo(1_000);
    }

    @Test
    void letsOneLargerMessageFlyAlone() {
        InFlightBudget budget = new InFlightBudget(100, 1_000);
        assertThat(acquire(budget, 5_000)).isTrue();
        assertThat(acquire(budget, 1)).isFalse();
        budget.release(5_000);
        assertThat(budget.bytes()).isZero();
        assertThat(acquire(budget, 1)).isTrue();
        assertThat(acquire(budget, 5_000)).isFalse();
    }

    @Test
    void countsBytesOfAMessageOfTheLargestSize() {
        InFlightBudget budget = new InFlightBudget(Integer.MAX_VALUE, Long.MAX_VALUE);
        assertThat(acquire(budget, Integer.MAX_VALUE)).isTrue();
        assertThat(acquire(budget, Integer.MAX_VALUE)).isTrue();
        assertThat(budget.bytes()).isEqualTo(2L * Integer.MAX_VALUE);
        assertThat(budget.messages()).isEqualTo(2);
    }

    @Test
    void waitsForRoom() {
        InFlightBudget budget = new InFlightBudget(1, 1_000);
        acquire(budget, 1);
        Waiting waiting = waiting(budget, 1, NEVER);
        assertThat(waiting.got).isNotDone();
        budget.release(1);
        assertThat(waiting.got.join()).isTrue();
        assertThat(budget.messages()).isOne();
    }

    @Test
    void isNotKeptFromRoomByTheQuarterThatWakesTheLine() {
        InFlightBudget budget = new InFlightBudget(100, 100_000);
        for (int i = 0; i < 100; i++) {
            acquire(budget, 1);
        }
        Waiting waiting = waiting(budget, 1, NEVER);
        budget.release(1);
        assertThat(waiting.got).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(true);
    }

    @Test
    void givesUpAtTheDeadline() {
        InFlightBudget budget = new InFlightBudget(1, 1_000);
        acquire(budget, 1);
        Waiting waiting = waiting(budget, 1, 1_000);
        assertThat(waiting.got).isNotDone();
        nanos.set(1_001);
        assertThat(waiting.got.join()).isFalse();
        budget.release(1);
        assertThat(budget.messages()).isZero();
        assertThat(acquire(budget, 1)).isTrue();
    }

    @Test
    void givesUpWhenInterrupted() {
        InFlightBudget budget = new InFlightBudget(1, 1_000);
        acquire(budget, 1);
        Waiting waiting = waiting(budget, 1, NEVER);
        waiting.thread.get().interrupt();
        assertThat(waiting.got.join()).isFalse();
        assertThat(budget.messages()).isOne();
    }

    @Test
    void servesTheLineInItsOrder() {
        InFlightBudget budget = new InFlightBudget(1, 1_000);
        acquire(budget, 1);
        Waiting first = waiting(budget, 1, NEVER);
        Waiting second = waiting(budget, 1, NEVER);
        budget.release(1);
        assertThat(first.got.join()).isTrue();
        assertThat(second.got).isNotDone();
        budget.release(1);
        assertThat(second.got.join()).isTrue();
    }

    @Test
    void smallMessagesDoNotStarveALargeOne() {
        InFlightBudget budget = new InFlightBudget(100, 1_000);
        acquire(budget, 600);
        Waiting large = waiting(budget, 900, NEVER);
        await().until(() -> !acquireAndReturn(budget));
        budget.release(600);
        assertThat(large.got.join()).isTrue();
        assertThat(budget.bytes()).isEqualTo(900);
    }

    /** Whether a newcomer finds room past the line. */
    private boolean acquireAndReturn(InFlightBudget budget) {
        if (!acquire(budget, 1)) {
            return false;
        }
        budget.release(1);
        return true;
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
