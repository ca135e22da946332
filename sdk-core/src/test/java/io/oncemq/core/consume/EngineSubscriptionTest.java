package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.IdReused;
import io.oncemq.Subscription;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EngineSubscriptionTest {
    private final EngineHarness harness = new EngineHarness();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void handlesEachKeyInOrderAndAcknowledgesAll() {
        Map<String, List<String>> byKey = new ConcurrentHashMap<>();
        harness.handle(delivery -> byKey.computeIfAbsent(delivery.key(), key -> new CopyOnWriteArrayList<>())
                .add(delivery.id()));
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 500; i++) {
            harness.source.deliver(shard, Integer.toString(i), "key-" + i % 7);
        }

        await().until(() -> harness.source.through(shard) == 499);
        assertThat(byKey).hasSize(7);
        byKey.forEach((key, ids) ->
                assertThat(ids.stream().map(Integer::valueOf).toList()).isSorted());
    }

    @Test
    void closingHandlesNothingMore() {
        Subscription subscription = harness.handle(delivery -> handled.add(delivery.id()));
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        await().until(() -> harness.source.through(shard) == 0);
        subscription.close(Duration.ofSeconds(5));
        harness.source.deliver(shard, "b", "k");

        assertThat(subscription.state()).isEqualTo(Subscription.State.CLOSED);
        assertThat(subscription.inFlight()).isZero();
        assertThat(handled).containsExactly("a");
    }

    @Test
    void pausesTheSourceAtTheBoundAndResumesBelowIt() {
        CountDownLatch release = new CountDownLatch(1);
        Subscription subscription =
                harness.start(harness.subscribe().concurrency(2).maxInFlight(10), delivery -> release.await());
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 10; i++) {
            harness.source.deliver(shard, "m" + i, "k" + i);
        }
        await().until(() -> harness.source.paused.contains(shard));
        assertThat(subscription.inFlight()).isEqualTo(10);
        await().until(() -> subscription.lanes() == 10);
        release.countDown();
        await().until(() -> !harness.source.paused.contains(shard));
        await().until(() -> subscription.inFlight() == 0);
        await().until(() -> subscription.lanes() == 0);
    }

    @Test
    void aHeldKeyPausesItsShardOnlyAtItsShareOfTheBound() {
        CountDownLatch release = new CountDownLatch(1);
        harness.start(harness.subscribe().concurrency(2).maxInFlight(40), delivery -> {
            if ("hot".equals(delivery.key())) {
                release.await();
            }
        });
        Shard held = harness.source.assign("orders-0");
        Shard free = harness.source.assign("orders-1");
        for (int i = 0; i < 10; i++) {
            harness.source.deliver(held, "h" + i, "hot");
        }
        harness.source.deliver(free, "f", "cold");
        await().until(() -> harness.source.paused.contains(held));
        await().until(() -> harness.source.through(free) == 0);
        assertThat(harness.source.paused).doesNotContain(free);
        release.countDown();
        await().until(() -> !harness.source.paused.contains(held));
    }

    /** Duplicates leave their key as soon as they are known, not when their turn would come. */
    @Test
    void aKeyThatEmptiesAtOnceOfItsDuplicatesLetsItsShardGoOn() {
        CountDownLatch release = new CountDownLatch(1);
        harness.start(harness.subscribe().concurrency(2).maxInFlight(40), delivery -> {
            if ("held".equals(delivery.id())) {
                release.await();
            }
        });
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 9; i++) {
            harness.source.deliver(shard, "done" + i, "hot");
        }
        await().until(() -> harness.source.through(shard) == 8);
        harness.store.away = true;
        harness.source.deliver(shard, "held", "hot");
        for (int i = 0; i < 9; i++) {
            harness.source.deliver(shard, "done" + i, "hot");
        }
        await().until(() -> harness.source.paused.contains(shard));
        harness.store.away = false;
        await().until(() -> harness.events(DuplicateSuppressed.class).size() == 9);
        await().until(() -> !harness.source.paused.contains(shard));
        release.countDown();
        await().until(() -> harness.source.through(shard) == 18);
    }

    @Test
    void aShardThatComesWhileTheBoundIsReachedWaitsForItsShare() {
        CountDownLatch release = new CountDownLatch(1);
        harness.start(harness.subscribe().concurrency(1).maxInFlight(4), delivery -> release.await());
        Shard first = harness.source.assign("orders-0");
        for (int i = 0; i < 4; i++) {
            harness.source.deliver(first, "m" + i, "key-" + i);
        }
        Shard second = harness.source.assign("orders-1");
        assertThat(harness.source.pausedBy.get(second))
                .as("before the source can bring a fetch of it")
                .isSameAs(Thread.currentThread());
        await().until(() -> !harness.source.paused.contains(second));
        assertThat(harness.source.paused).contains(first);
        release.countDown();
        await().until(() -> !harness.source.paused.contains(first));
    }

    @Test
    void suppressesADuplicateThatIsInFlightAndOneThatIsDone() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        harness.handle(delivery -> {
            handled.add(delivery.id());
            release.await();
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        harness.source.deliver(shard, "a", "k");
        await().until(() -> handled.size() == 1);
        release.countDown();
        await().until(() -> harness.source.through(shard) == 1);
        harness.source.deliver(shard, "a", "k");
        await().until(() -> harness.source.through(shard) == 2);

        assertThat(handled).containsExactly("a");
        assertThat(harness.events(DuplicateSuppressed.class)).hasSize(2);
        assertThat(harness.store.applied.stream().filter(c -> c.type() == StoreCommand.Type.CLAIM))
                .as("a duplicate in this process waits here and does not ask the store again and again")
                .hasSize(3);
    }

    @Test
    void tellsAnotherPayloadUnderAKnownId() {
        harness.handle(delivery -> handled.add(delivery.body()));
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k", "one");
        harness.source.deliver(shard, "a", "k", "two");

        await().until(() -> harness.source.through(shard) == 1);
        assertThat(handled).containsExactly("one");
        assertThat(harness.events(IdReused.class)).hasSize(1);
    }
}
