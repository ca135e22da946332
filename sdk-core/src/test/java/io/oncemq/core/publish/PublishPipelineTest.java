package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ClientClosedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pipeline with its threads. */
@Timeout(240)
class PublishPipelineTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final FakeBroker broker = new FakeBroker(PublishOrder.SESSION_PREFIX);
    private final InFlightBudget budget = new InFlightBudget(1_000, 1 << 20);
    private final String client = "pipeline-" + System.identityHashCode(this);
    private final PublishPipeline pipeline =
            new PublishPipeline(broker, new Events(List.of()), client, System::nanoTime);

    @AfterEach
    void threadsEnd() {
        pipeline.close(Duration.ZERO);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().endsWith(client)));
        assertThat(budget.messages()).isZero();
        assertThat(budget.bytes()).isZero();
    }

    private CompletableFuture<Receipt> publish(String id, String key) {
        return pipeline.submit(Rig.frame(id, key), budget, DEADLINE);
    }

    private void awaitTaken(String id) {
        await().until(() -> !broker.sessions.isEmpty() && broker.session().taken.contains(id));
    }

    @Test
    void confirmsEachInTheOrderOfItsThread() throws Exception {
        broker.confirmsAtOnce = true;
        int messages = 20_000;
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(t -> new Thread(() -> {
                    for (int i = 0; i < messages; i++) {
                        publish(t + "-" + i, "k" + t);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        pipeline.flush(budget);
        for (int t = 0; t < 4; t++) {
            String prefix = t + "-";
            List<String> ofKey = broker.storedIds().stream()
                    .filter(id -> id.startsWith(prefix))
                    .toList();
            assertThat(ofKey)
                    .containsExactlyElementsOf(IntStream.range(0, messages)
                            .mapToObj(i -> prefix + i)
                            .toList());
        }
    }

    @Test
    void blocksAtTheBoundUpToTheDeadline() {
        InFlightBudget one = new InFlightBudget(1, 1_000);
        CompletableFuture<Receipt> first = pipeline.submit(Rig.frame("1", "k"), one, DEADLINE);
        CompletableFuture<Receipt> second = pipeline.submit(Rig.frame("2", "k"), one, Duration.ofMillis(200));
        assertThat(Rig.reason(second)).isEqualTo(Reason.NOT_ATTEMPTED);
        awaitTaken("1");
        broker.session().confirm();
        assertThat(first.join().id()).isEqualTo("1");
    }

    @Test
    void aContinuationMayPublishAgainAtTheBound() {
        broker.confirmsAtOnce = true;
        InFlightBudget one = new InFlightBudget(1, 1_000);
        CompletableFuture<Receipt> chain = pipeline.submit(Rig.frame("0", "k"), one, DEADLINE);
        for (int i = 1; i <= 100; i++) {
            String id = "" + i;
            chain = chain.thenCompose(receipt -> pipeline.submit(Rig.frame(id, "k"), one, DEADLINE));
        }
        assertThat(chain.join().id()).isEqualTo("100");
    }

    @Test
    void continuationsRunOnAThreadOfTheirOwn() {
        CountDownLatch attached = new CountDownLatch(1);
        broker.onSend = () -> awaitQuietly(attached);
        broker.confirmsAtOnce = true;
        AtomicReference<String> thread = new AtomicReference<>();
        CompletableFuture<Void> done = publish("1", "k")
                .thenRun(() -> thread.set(Thread.currentThread().getName()));
        attached.countDown();
        done.join();
        assertThat(thread.get()).isEqualTo("oncemq-confirm-" + client);
    }

    @Test
    void aContinuationThatThrowsHarmsNobody() {
        broker.confirmsAtOnce = true;
        CompletableFuture<Void> broken = publish("1", "k").thenRun(() -> {
            throw new AssertionError("broken");
        });
        assertThat(publish("2", "k").join().id()).isEqualTo("2");
        await().until(broken::isCompletedExceptionally);
    }

    @Test
    void aCancelledFutureChangesNothingForTheMessage() {
        CompletableFuture<Receipt> first = publish("1", "k");
        first.cancel(true);
        awaitTaken("1");
        broker.session().confirm();
        await().until(() -> budget.messages() == 0);
        assertThat(broker.storedIds()).containsExactly("1");
    }

    @Test
    void flushWaitsForTheFuturesAndLeavesThemComplete() {
        broker.confirmsAtOnce = true;
        for (int round = 0; round < 200; round++) {
            List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                outcomes.add(publish(round + "-" + i, "k"));
            }
            pipeline.flush(budget);
            assertThat(outcomes).allMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void aFlushInAContinuationIsRefusedInsteadOfHanging() {
        CompletableFuture<Void> flushed = publish("1", "k").thenRun(() -> pipeline.flush(budget));
        awaitTaken("1");
        broker.session().confirm();
        assertThatThrownBy(flushed::join).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void futuresEndByTheDeadlineWhileAnOpenBlocks() {
        CountDownLatch never = new CountDownLatch(1);
        broker.beforeOpen = () -> {
            never.await();
            return null;
        };
        CompletableFuture<Receipt> outcome = pipeline.submit(Rig.frame("1", "k"), budget, Duration.ofMillis(200));
        assertThat(outcome).failsWithin(Duration.ofSeconds(20));
        assertThat(Rig.reason(outcome)).isEqualTo(Reason.NOT_ATTEMPTED);
        never.countDown();
    }

    @Test
    void futuresEndByTheDeadlineWhileTheBrokerIsSilent() {
        CompletableFuture<Receipt> outcome = pipeline.submit(Rig.frame("1", "k"), budget, Duration.ofMillis(200));
        assertThat(outcome).failsWithin(Duration.ofSeconds(20));
        Rig.assertUnknown(outcome);
        assertThat(pipeline.abandon("orders", "1")).isTrue();
    }

    @Test
    void failsLoudlyWhenItsOwnThreadFails() {
        CompletableFuture<Receipt> taken = publish("1", "k");
        awaitTaken("1");
        broker.onSend = () -> {
            throw new AssertionError("a broken session");
        };
        CompletableFuture<Receipt> inTheMiddle = publish("2", "k");
        assertThat(taken).failsWithin(Duration.ofSeconds(20));
        Rig.assertUnknown(taken);
        assertThat(inTheMiddle).failsWithin(Duration.ofSeconds(20));
        Rig.assertUnknown(inTheMiddle);
        assertThatThrownBy(() -> publish("3", "k"))
                .isInstanceOf(ClientClosedException.class)
                .hasRootCauseMessage("a broken session");
        pipeline.flush(budget);
    }

    @Test
    void closeWaitsForWhatIsOpen() {
        CompletableFuture<Receipt> outcome = publish("1", "k");
        awaitTaken("1");
        Thread closer = new Thread(() -> pipeline.close(DEADLINE));
        closer.start();
        await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        assertThat(outcome).isNotDone();
        broker.session().confirm();
        await().until(() -> !closer.isAlive());
        assertThat(outcome).isCompleted();
        assertThat(broker.session().closed).isTrue();
    }

    @Test
    void closeEndsWhatIsOpenAtItsDeadline() {
        CompletableFuture<Receipt> outcome = publish("1", "k");
        awaitTaken("1");
        pipeline.close(Duration.ofMillis(50));
        Rig.assertUnknown(outcome);
        assertThat(broker.session().closed).isTrue();
        assertThatThrownBy(() -> publish("2", "k")).isInstanceOf(ClientClosedException.class);
        pipeline.flush(budget);
    }

    @Test
    void closeSendsAwayWhoeverWaitsForRoom() throws Exception {
        InFlightBudget one = new InFlightBudget(1, 1_000);
        pipeline.submit(Rig.frame("1", "k"), one, DEADLINE);
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        Thread publisher = new Thread(() -> {
            try {
                pipeline.submit(Rig.frame("2", "k"), one, DEADLINE);
            } catch (RuntimeException e) {
                refusal.set(e);
            }
        });
        publisher.start();
        await().until(() -> publisher.getState() == Thread.State.TIMED_WAITING);
        pipeline.close(Duration.ofMillis(50));
        publisher.join();
        assertThat(refusal.get()).isInstanceOf(ClientClosedException.class);
        assertThat(one.messages()).isZero();
    }

    @Test
    void closeInAContinuationDoesNotWaitForItself() {
        CompletableFuture<Void> closed = publish("1", "k").thenRun(() -> pipeline.close(DEADLINE));
        awaitTaken("1");
        broker.session().confirm();
        assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void everyPublishThatRacesWithCloseEndsOrIsRefused() throws Exception {
        broker.confirmsAtOnce = true;
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        Thread publisher = new Thread(() -> {
            try {
                for (int i = 0; ; i++) {
                    outcomes.add(publish("" + i, "k"));
                }
            } catch (RuntimeException e) {
                refusal.set(e);
            }
        });
        publisher.start();
        await().until(() -> broker.log.size() > 100);
        pipeline.close(DEADLINE);
        publisher.join();
        assertThat(refusal.get()).isInstanceOf(ClientClosedException.class);
        assertThat(outcomes).allMatch(CompletableFuture::isDone);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
