package io.oncemq.core.consume;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Subscription;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** O3: what happens to messages whose shard goes to another process. */
@Timeout(120)
class HandoverTest {
    private final EngineHarness harness = new EngineHarness();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void aHandoverDrainsWhatRunsAndLetsGoWhatHasNotBegun() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        harness.start(harness.subscribe().concurrency(1).drainTimeout(Duration.ofSeconds(60)), delivery -> {
            handled.add(delivery.id());
            running.countDown();
            release.await();
        });
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 5; i++) {
            harness.source.deliver(shard, "m" + i, "key-" + i);
        }
        assertThat(running.await(60, SECONDS)).isTrue();
        CompletableFuture<?> revoked = CompletableFuture.supplyAsync(() -> harness.source.revoke(shard));
        await().until(() -> harness.store.count(StoreCommand.Type.RELEASE) == 4);
        assertThat(revoked).isNotDone();
        release.countDown();
        revoked.get(60, SECONDS);

        assertThat(handled).hasSize(1);
        assertThat(harness.source.through(shard)).isEqualTo(handled.get(0).equals("m0") ? 0 : -1);
        try (EngineHarness other = new EngineHarness(harness.store)) {
            List<String> there = new CopyOnWriteArrayList<>();
            other.handle(delivery -> there.add(delivery.id()));
            Shard again = other.source.assign("orders-0");
            for (int i = 0; i < 5; i++) {
                other.source.deliver(again, "m" + i, "key-" + i);
            }
            await().until(() -> other.source.through(again) == 4);
            assertThat(there).hasSize(4).doesNotContainAnyElementsOf(handled);
        }
    }

    @Test
    void whileAShardIsDrainedItsSourceGoesOnWithTheOthers() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        harness.start(harness.subscribe().drainTimeout(Duration.ofSeconds(60)), delivery -> {
            handled.add(delivery.id());
            if (delivery.id().equals("slow")) {
                release.await();
            }
        });
        Shard leaving = harness.source.assign("orders-0");
        Shard staying = harness.source.assign("orders-1");
        harness.source.deliver(leaving, "slow", "a");
        await().until(() -> handled.contains("slow"));
        CompletableFuture<List<Acknowledgement>> drained = harness.source.revokeLater(leaving);
        harness.source.deliver(staying, "quick", "b");
        await().until(() -> harness.source.through(staying) == 0);
        assertThat(drained).isNotDone();
        release.countDown();
        assertThat(drained.get(60, SECONDS))
                .singleElement()
                .satisfies(settled -> assertThat(settled.through()).isZero());
    }

    @Test
    void aShardThatIsLostAmidItsDrainInterruptsItsHandlers() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        harness.start(harness.subscribe().drainTimeout(Duration.ofMinutes(10)), delivery -> {
            handled.add(delivery.id());
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        await().until(() -> handled.size() == 1);
        harness.source.revokeLater(shard);
        harness.source.lose(shard);
        assertThat(interrupted.await(60, SECONDS)).isTrue();
        await().until(() -> harness.store.count(StoreCommand.Type.COMPLETE) == 1);
        assertThat(harness.source.through(shard)).isEqualTo(-1);
    }

    @Test
    void aDrainOfALostShardAcknowledgesNothing() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        harness.start(harness.subscribe().drainTimeout(Duration.ofMinutes(10)), delivery -> {
            handled.add(delivery.id());
            if (delivery.id().equals("slow")) {
                awaitUninterruptibly(release);
            }
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "quick", "a");
        await().until(() -> harness.source.through(shard) == 0);
        harness.source.deliver(shard, "slow", "k");
        await().until(() -> handled.size() == 2);
        CompletableFuture<List<Acknowledgement>> drained = harness.source.revokeLater(shard);
        harness.source.lose(shard);
        release.countDown();
        assertThat(drained.get(60, SECONDS)).isEmpty();
    }

    @Test
    void aDrainThatBeganBeforeACloseEndsWithIt() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Subscription subscription =
                harness.start(harness.subscribe().drainTimeout(Duration.ofMinutes(10)), delivery -> {
                    handled.add(delivery.id());
                    awaitUninterruptibly(release);
                });
        try {
            Shard shard = harness.source.assign("orders-0");
            harness.source.deliver(shard, "a", "k");
            await().until(() -> handled.size() == 1);
            CompletableFuture<List<Acknowledgement>> drained = harness.source.revokeLater(shard);
            subscription.close(Duration.ofMillis(200));
            drained.get(30, SECONDS);
        } finally {
            release.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // Goes on, as some handlers do.
            }
        }
    }

    @Test
    void aLostShardInterruptsItsHandlersAndAcknowledgesNothing() {
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean owned = new AtomicBoolean(true);
        harness.handle(delivery -> {
            handled.add(delivery.id());
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                owned.set(delivery.isOwned());
                interrupted.set(true);
            }
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        await().until(() -> handled.size() == 1);
        harness.source.lose(shard);

        await().untilTrue(interrupted);
        assertThat(owned).isFalse();
        await().until(() -> harness.store.count(StoreCommand.Type.COMPLETE) == 1);
        assertThat(harness.source.through(shard)).isEqualTo(-1);
    }

    @Test
    void aKeyIsNotHandledTwiceAtOnceWhenItsShardComesBackWhileTheOldHandlerRuns() {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        harness.handle(delivery -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            handled.add(delivery.id());
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    handled.add("interrupted");
                }
            }
            atOnce.decrementAndGet();
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        await().until(() -> handled.contains("a"));
        harness.source.lose(shard);
        await().until(() -> handled.contains("interrupted"));
        Shard again = harness.source.assign("orders-0");
        harness.source.deliver(again, "a", "k");
        harness.source.deliver(again, "b", "k");
        release.countDown();

        await().until(() -> harness.source.through(again) == 1);
        assertThat(most).hasValue(1);
        assertThat(handled).containsExactly("a", "interrupted", "b");
    }
}
