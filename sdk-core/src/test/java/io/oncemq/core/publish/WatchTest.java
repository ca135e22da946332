package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.CompletionBlocked;
import io.oncemq.MessagingEvent.SendBlocked;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.core.publish.PublishPipeline.Submission;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One broker's client that blocks, or one continuation that does, stops neither deadlines nor the other publishes. */
@Timeout(240)
class WatchTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final FakeBroker broker = new FakeBroker(PublishOrder.SESSION_PREFIX);
    private final InFlightBudget budget = new InFlightBudget(1_000, 1 << 20);
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final PublishPipeline pipeline =
            new PublishPipeline(broker, new Events(List.of(events::add)), "watched", System::nanoTime);

    @AfterEach
    void close() {
        released.countDown();
        pipeline.close(Duration.ZERO);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().endsWith("watched")));
        assertThat(budget.messages()).isZero();
    }

    private CompletableFuture<Receipt> publish(String destination, String id, Duration deadline) {
        return publish(Rig.frame(destination, id, "k"), deadline, null);
    }

    private CompletableFuture<Receipt> publish(OutboundFrame frame, Duration deadline, @Nullable Executor executor) {
        PublishFuture future = pipeline.future(null, executor, null);
        return pipeline.submit(new Submission(frame, future, null, 0, false), budget, deadline);
    }

    /** Parks until it is released: a blocking read of a client that heeds no interrupt. */
    private void blocks() {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void deadlinesAreKeptAndTheCallIsReportedWhileASendBlocks() {
        broker.onSend = this::blocks;
        CompletableFuture<Receipt> stuck = publish("full", "1", SHORT);
        await().until(() ->
                !broker.sessions.isEmpty() && !broker.sessions.get(0).taken.isEmpty());
        CompletableFuture<Receipt> neighbour = publish("orders", "2", SHORT);
        assertThat(stuck).failsWithin(Duration.ofSeconds(20));
        assertThat(neighbour).failsWithin(Duration.ofSeconds(20));
        Rig.assertUnknown(stuck);
        assertThat(Rig.reason(neighbour)).isEqualTo(Reason.NOT_ATTEMPTED);
        await().untilAsserted(() -> assertThat(events).anySatisfy(event -> {
            assertThat(event).isInstanceOf(SendBlocked.class);
            assertThat(((SendBlocked) event).destination()).isEqualTo("full");
            assertThat(((SendBlocked) event).where().getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("blocks"));
        }));
        broker.onSend = () -> {};
        broker.confirmsAtOnce = true;
        CompletableFuture<Receipt> later = publish("orders", "3", DEADLINE);
        released.countDown();
        assertThat(later).succeedsWithin(Duration.ofSeconds(60));
        assertThat(events.stream().filter(SendBlocked.class::isInstance)).hasSize(1);
    }

    @Test
    void aFlushAndACloseEndWhileASendBlocks() throws Exception {
        broker.onSend = this::blocks;
        CompletableFuture<Receipt> stuck = publish("full", "1", SHORT);
        await().until(() ->
                !broker.sessions.isEmpty() && !broker.sessions.get(0).taken.isEmpty());
        pipeline.flush(budget);
        Rig.assertUnknown(stuck);
        CompletableFuture<Receipt> open = publish("orders", "2", DEADLINE);
        Thread closer = new Thread(() -> pipeline.close(Duration.ofMillis(100)));
        closer.start();
        assertThat(open).failsWithin(Duration.ofSeconds(60));
        assertThat(Rig.reason(open)).isEqualTo(Reason.NOT_ATTEMPTED);
        released.countDown();
        closer.join();
    }

    @Test
    void aContinuationThatJoinsAnotherPublishIsRefusedAndTheOthersComplete() {
        CompletableFuture<Receipt> first = publish("orders", "1", DEADLINE);
        CompletableFuture<Receipt> inside =
                first.thenApply(receipt -> publish("orders", "2", DEADLINE).join());
        CompletableFuture<Receipt> got = first.thenApply(receipt -> {
            try {
                return publish("orders", "3", DEADLINE).get();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        broker.confirmsAtOnce = true;
        await().until(() -> !broker.sessions.isEmpty() && broker.session().taken.contains("1"));
        broker.session().confirm();
        assertThatThrownBy(inside::join)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PublisherOptions.completeOn");
        assertThatThrownBy(got::join).hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(publish("orders", "4", DEADLINE)).succeedsWithin(Duration.ofSeconds(60));
        assertThat(first.join().id()).isEqualTo("1");
    }

    @Test
    void aContinuationThatBlocksIsReportedWithItsStackByAnotherThread() {
        broker.confirmsAtOnce = true;
        CountDownLatch attached = new CountDownLatch(1);
        broker.onSend = () -> {
            try {
                attached.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        CompletableFuture<Void> blocked = publish("orders", "1", DEADLINE).thenRun(this::blocks);
        attached.countDown();
        await().untilAsserted(() -> assertThat(events).anySatisfy(event -> {
            assertThat(event).isInstanceOf(CompletionBlocked.class);
            assertThat(((CompletionBlocked) event).where().getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("blocks"));
        }));
        assertThat(blocked).isNotDone();
        released.countDown();
        assertThat(blocked).succeedsWithin(Duration.ofSeconds(60));
    }

    @Test
    void onAnExecutorAContinuationMayJoinAnotherPublish() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            broker.confirmsAtOnce = true;
            CompletableFuture<Receipt> inside = publish(Rig.frame("1", "k"), DEADLINE, executor)
                    .thenApply(receipt ->
                            publish(Rig.frame("2", "k"), DEADLINE, executor).join());
            assertThat(inside).succeedsWithin(Duration.ofSeconds(60));
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anExecutorThatRefusesLeavesNoFutureOpen() {
        broker.confirmsAtOnce = true;
        Executor refusing = task -> {
            throw new RejectedExecutionException("full");
        };
        assertThat(publish(Rig.frame("1", "k"), DEADLINE, refusing)).succeedsWithin(Duration.ofSeconds(60));
    }

    @Test
    void whatTheApplicationDoesToItsFutureNeverReachesTheEngine() throws Exception {
        CompletableFuture<Receipt> completed = publish("orders", "1", DEADLINE);
        CompletableFuture<Receipt> cancelled = publish("orders", "2", DEADLINE);
        CompletableFuture<Receipt> overwritten = publish("orders", "3", DEADLINE);
        CompletableFuture<Receipt> timedOut = publish("orders", "4", DEADLINE).orTimeout(1, TimeUnit.MILLISECONDS);
        completed.complete(new Receipt("forged", "orders", new Position("0", 0)));
        cancelled.cancel(true);
        overwritten.obtrudeException(new IllegalStateException("the application's"));
        assertThat(timedOut).failsWithin(Duration.ofSeconds(60));
        await().until(() -> !broker.sessions.isEmpty() && broker.session().taken.size() == 4);
        Thread flushing = new Thread(() -> pipeline.flush(budget));
        flushing.start();
        await().until(() -> flushing.getState() == Thread.State.WAITING);
        assertThat(budget.messages()).as("all four are open").isEqualTo(4);
        broker.session().confirm();
        flushing.join();
        assertThat(broker.storedIds()).containsExactly("1", "2", "3", "4");
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
