package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.core.publish.PublishPipeline.Submission;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing that fails at the edges keeps a thread, a flush or a close for ever. */
@Timeout(120)
class EndTest {
    private final Rig rig = new Rig();

    @Test
    void aPipelineThatIsClosedForVeryLongEndsWhenAllIsFinished() {
        FakeBroker broker = new FakeBroker(PublishOrder.SESSION_PREFIX);
        broker.confirmsAtOnce = true;
        PublishPipeline pipeline = new PublishPipeline(broker, new Events(List.of()), "long", System::nanoTime);
        CompletableFuture<Receipt> outcome =
                pipeline.submit(Rig.frame("1", "k"), new InFlightBudget(1, 1), Duration.ofSeconds(Long.MAX_VALUE));
        pipeline.close(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(outcome).isCompleted();
    }

    @Test
    void anExecutorThatDropsWhatItTookKeepsNoFlushAndNoRoom() {
        FakeBroker broker = new FakeBroker(PublishOrder.SESSION_PREFIX);
        broker.confirmsAtOnce = true;
        PublishPipeline pipeline = new PublishPipeline(broker, new Events(List.of()), "drops", System::nanoTime);
        InFlightBudget budget = new InFlightBudget(1, 1);
        PublishFuture future = pipeline.future(null, task -> {}, null);
        CompletableFuture<Receipt> outcome = pipeline.submit(
                new Submission(Rig.frame("1", "k"), future, null, 0, false), budget, Duration.ofMinutes(2));
        CompletableFuture<Void> flushed = CompletableFuture.runAsync(() -> pipeline.flush(budget));
        assertThat(flushed).succeedsWithin(Duration.ofSeconds(60));
        assertThat(budget.messages()).isZero();
        assertThat(outcome).isNotDone();
        pipeline.close(Duration.ofMinutes(2));
    }

    @Test
    void theLastStepsRunWhenTheConnectorTakesNothingAnyMore() throws Exception {
        AtomicBoolean refuses = new AtomicBoolean();
        Executor connector = task -> {
            if (refuses.get()) {
                throw new RejectedExecutionException("shut down");
            }
            rig.connecting.add(task);
        };
        Sender sender = new Sender(
                rig.broker, connector, "end", rig.outcomes, rig.freezes, rig.counts, Rig.BACK_OFFS, () -> rig.nanos);
        Entry entry = new Entry(Rig.frame("1", "k"), null, rig.budget.share(0), rig.nanos + 1);
        assertThat(rig.budget.acquire(entry.size, 0, true, rig.nanos, () -> rig.nanos))
                .isNotNull();
        assertThat(sender.submit(entry)).isTrue();
        sender.turn();
        rig.connect();
        sender.turn();
        refuses.set(true);
        Thread completing = new Thread(rig.outcomes);
        completing.setDaemon(true);
        completing.start();
        sender.end();
        completing.join();
        await().until(() -> rig.broker.session().closed);
        assertThat(sender.hasEnded()).isTrue();
        assertThat(rig.budget.messages()).isZero();
    }

    @Test
    void theFirstSendAfterARestIsWatched() {
        boolean[] watched = new boolean[1];
        rig.broker.onSend = () -> watched[0] = rig.sender.activity().goesOn();
        rig.publish("0", "k");
        rig.run();
        rig.broker.session().confirm();
        rig.run();
        assertThat(rig.sender.activity().goesOn()).isFalse();
        watched[0] = false;
        rig.publish("1", "k");
        rig.run();
        assertThat(watched[0]).isTrue();
        rig.broker.session().confirm();
        rig.run();
        assertThat(rig.sender.activity().goesOn()).isFalse();
        rig.assertNothingIsLeft();
    }

    @Test
    void theWatchOutlivesAMachineWithoutRoomForAnotherThread() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        rig.broker.confirmsAtOnce = true;
        rig.publish("1", "k").thenRun(() -> {
            blocked.countDown();
            awaitOpen(released);
        });
        Thread completing = new Thread(rig.outcomes);
        completing.start();
        for (int i = 0; i < 6; i++) {
            rig.sender.turn();
            rig.connect();
        }
        blocked.await();
        AtomicInteger refused = new AtomicInteger();
        AtomicLong looks = new AtomicLong();
        Watch watch = new Watch(
                rig.sender,
                Thread.currentThread(),
                rig.outcomes,
                task -> {
                    refused.incrementAndGet();
                    throw new OutOfMemoryError("unable to create native thread");
                },
                () -> Duration.ofSeconds(2).toNanos() * looks.incrementAndGet());
        Thread watching = new Thread(watch);
        watching.start();
        await().until(() -> refused.get() > 0);
        long before = looks.get();
        await().until(() -> looks.get() > before + 3);
        released.countDown();
        rig.sender.end();
        watching.join();
        completing.join();
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
