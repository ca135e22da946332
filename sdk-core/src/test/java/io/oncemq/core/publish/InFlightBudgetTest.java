package io.oncemq.core.publish;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.core.publish.RoomShares.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class InFlightBudgetTest {
    private static final long NEVER = Long.MAX_VALUE / 2;

    private final AtomicLong nanos = new AtomicLong();

    private boolean acquire(InFlightBudget budget, int size) {
        return acquire(budget, 0, size);
    }

    private boolean acquire(InFlightBudget budget, int partition, int size) {
        return budget.acquire(size, partition, true, nanos.get(), nanos::get) != null;
    }

    private static void release(InFlightBudget budget, int size) {
        release(budget, 0, size);
    }

    private static void release(InFlightBudget budget, int partition, int size) {
        budget.release(budget.share(partition), size);
    }

    private Waiting waiting(InFlightBudget budget, int size, long deadline) {
        return waiting(budget, 0, size, deadline);
    }

    private Waiting waiting(InFlightBudget budget, int partition, int size, long deadline) {
        Waiting waiting = new Waiting();
        Thread thread = new Thread(
                () -> waiting.got.complete(budget.acquire(size, partition, true, deadline, nanos::get) != null));
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
        release(budget, 1);
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
        release(budget, 5_000);
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
        release(budget, 1);
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
        release(budget, 1);
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
        release(budget, 1);
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
        release(budget, 1);
        assertThat(first.got.join()).isTrue();
        assertThat(second.got).isNotDone();
        release(budget, 1);
        assertThat(second.got.join()).isTrue();
    }

    @Test
    void smallMessagesDoNotStarveALargeOne() {
        InFlightBudget budget = new InFlightBudget(100, 1_000);
        acquire(budget, 600);
        Waiting large = waiting(budget, 900, NEVER);
        await().until(() -> !acquireAndReturn(budget));
        release(budget, 600);
        assertThat(large.got.join()).isTrue();
        assertThat(budget.bytes()).isEqualTo(900);
    }

    /** S10: a partition without a leader, whose messages wait for their deadline. */
    @Test
    void aPartitionThatIsStuckLeavesTheSharesOfTheOthers() {
        InFlightBudget budget = divided(1_000, 100_000, 4);
        assertThat(fill(budget, 3)).isEqualTo(600);
        for (int other : List.of(0, 1, 2)) {
            assertThat(fill(budget, other)).isEqualTo(100);
        }
        assertThat(fillWithoutKey(budget, 3)).as("that may go elsewhere").isEqualTo(100);
        assertThat(budget.messages()).isEqualTo(1_000);
    }

    @Test
    void soItIsWithBytes() {
        InFlightBudget budget = divided(1_000_000, 1_000, 4);
        while (acquire(budget, 3, 10)) {}
        assertThat(budget.bytes()).isEqualTo(600);
        assertThat(acquire(budget, 0, 60)).isTrue();
        assertThat(acquire(budget, 0, 60)).isFalse();
        assertThat(acquire(budget, 1, 160))
                .as("larger than its share, and alone")
                .isTrue();
        assertThat(acquire(budget, 1, 1)).isFalse();
    }

    @Test
    void noPartitionWaitsInLineBehindAnotherThatIsStuck() {
        InFlightBudget budget = divided(120, 120_000, 2);
        fill(budget, 0);
        List<Waiting> flood = List.of(waiting(budget, 0, 1, NEVER), waiting(budget, 0, 1, NEVER));
        for (int round = 0; round < 10; round++) {
            assertThat(fill(budget, 1)).isEqualTo(20);
            Waiting next = waiting(budget, 1, 1, NEVER);
            assertThat(next.got).isNotDone();
            release(budget, 1, 1);
            assertThat(next.got).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(true);
            empty(budget, 1, 20);
        }
        assertThat(flood).noneMatch(each -> each.got.isDone());
        empty(budget, 0, 80);
        assertThat(flood)
                .allSatisfy(each -> assertThat(each.got)
                        .succeedsWithin(Duration.ofSeconds(20))
                        .isEqualTo(true));
    }

    /** What it waits for can only come from the common half, which must not become a way to stop the others. */
    @Test
    void aLargeMessageOfAStuckPartitionKeepsNothingOfTheSharesOfTheOthers() {
        InFlightBudget budget = divided(1_000, 1_200, 2);
        while (acquire(budget, 0, 60)) {}
        assertThat(budget.bytes()).isEqualTo(780);
        Waiting large = waiting(budget, 0, 200, NEVER);
        for (int i = 0; i < 8; i++) {
            assertThat(acquire(budget, 1, 25)).isTrue();
        }
        assertThat(large.got).isNotDone();
        for (int i = 0; i < 13; i++) {
            release(budget, 0, 60);
        }
        assertThat(large.got).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(true);
    }

    @Test
    void aSinglePartitionHasAllOfIt() {
        assertThat(fill(divided(1_001, 100_000, 1), 0)).isEqualTo(1_001);
        assertThat(fill(divided(1, 100_000, 12), 0)).isOne();
    }

    @Test
    void theWholeIsABoundAlsoWithMorePartitionsThanMessages() {
        InFlightBudget budget = divided(10, 100_000, 50);
        for (int partition = 0; partition < 50; partition++) {
            fill(budget, partition);
        }
        assertThat(budget.messages()).isEqualTo(10);
    }

    @Test
    void whatWasTakenBeforeThePartitionsWereKnownIsReturned() {
        AtomicInteger partitions = new AtomicInteger();
        InFlightBudget budget = new InFlightBudget(100, 100_000, partitions::get);
        Share before = budget.acquire(5, 7, true, nanos.get(), nanos::get);
        assertThat(before).isNotNull();
        partitions.set(4);
        assertThat(fill(budget, 1)).isEqualTo(60);
        budget.release(before, 5);
        empty(budget, 1, 60);
        assertThat(budget.messages()).isZero();
        assertThat(budget.bytes()).isZero();
        assertThat(fill(budget, 1)).isEqualTo(60);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatManyThreadsTakeAndReturnIsCounted(long seed) throws Exception {
        InFlightBudget budget = divided(40, 4_000, 3);
        List<Thread> threads = new ArrayList<>();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        for (int number = 0; number < 6; number++) {
            Random random = new Random(seed * 100 + number);
            Thread thread = new Thread(() -> {
                for (int round = 0; round < 2_000; round++) {
                    int size = random.nextInt(200);
                    Share share = budget.acquire(size, random.nextInt(3), random.nextBoolean(), NEVER, nanos::get);
                    assertThat(budget.messages()).isBetween(1, 40);
                    assertThat(budget.bytes()).isLessThanOrEqualTo(4_000);
                    budget.release(requireNonNull(share), size);
                }
            });
            thread.setUncaughtExceptionHandler((failed, failure) -> failures.add(failure));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(60_000);
        }
        assertThat(failures).isEmpty();
        assertThat(threads).noneMatch(Thread::isAlive);
        assertThat(budget.messages()).isZero();
        assertThat(budget.bytes()).isZero();
        assertThat(fill(budget, 1)).isEqualTo(25);
    }

    private static InFlightBudget divided(int maxMessages, long maxBytes, int partitions) {
        return new InFlightBudget(maxMessages, maxBytes, () -> partitions);
    }

    /** @return how many small messages of a partition found room */
    private int fill(InFlightBudget budget, int partition) {
        int count = 0;
        while (acquire(budget, partition, 1)) {
            count++;
        }
        return count;
    }

    private int fillWithoutKey(InFlightBudget budget, int partition) {
        int count = 0;
        while (budget.acquire(1, partition, false, nanos.get(), nanos::get) != null) {
            count++;
        }
        return count;
    }

    private static void empty(InFlightBudget budget, int partition, int messages) {
        for (int i = 0; i < messages; i++) {
            release(budget, partition, 1);
        }
    }

    /** Whether a newcomer finds room past the line. */
    private boolean acquireAndReturn(InFlightBudget budget) {
        if (!acquire(budget, 1)) {
            return false;
        }
        release(budget, 1);
        return true;
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
