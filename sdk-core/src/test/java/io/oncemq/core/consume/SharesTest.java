package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.Uninterrupted;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.core.consume.EngineWorld.Budget;
import io.oncemq.core.consume.EngineWorld.Nature;
import io.oncemq.core.consume.EngineWorld.Setting;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No shard takes the room of another, neither in flight nor among the claims. */
@Timeout(120)
class SharesTest {
    private final IdempotencyStore shared = InProcessIdempotency.create().open();
    private final EngineHarness harness = new EngineHarness(new SwitchedStore(shared));
    private final EngineHarness dead = new EngineHarness(new SwitchedStore(shared));
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        harness.close();
        dead.store.away = true;
        dead.close();
    }

    @Test
    void claimsOfADeadMemberHoldTheirShardOnly() {
        dead.start(dead.subscribe().concurrency(1).lease(Duration.ofMinutes(10)), delivery -> release.await());
        Shard lost = dead.source.assign("orders-0");
        for (int i = 0; i < 100; i++) {
            dead.source.deliver(lost, "stuck-" + i, "k" + i);
        }
        await().until(() -> dead.store.count(Type.CLAIM) == 100);
        dead.store.away = true;

        harness.start(harness.subscribe().concurrency(4).maxInFlight(40), delivery -> handled.add(delivery.id()));
        Shard stuck = harness.source.assign("orders-0");
        Shard free = harness.source.assign("orders-1");
        fill(stuck, "stuck-");
        anotherShardGoesOn(free);
    }

    @Test
    void retriesHoldTheirShardOnly() {
        harness.start(
                harness.subscribe().concurrency(4).maxInFlight(40).retry(RetryPolicy.fixed(Duration.ofHours(1))),
                delivery -> {
                    if (delivery.id().startsWith("fails-")) {
                        throw new IllegalStateException("again in an hour");
                    }
                    handled.add(delivery.id());
                });
        Shard stuck = harness.source.assign("orders-0");
        Shard free = harness.source.assign("orders-1");
        fill(stuck, "fails-");
        await().until(() -> harness.events(DeliveryRetried.class).size() >= 30);
        anotherShardGoesOn(free);
    }

    /** More than the shard may have in flight; less than the whole bound. */
    private void fill(Shard shard, String prefix) {
        for (int i = 0; i < 35; i++) {
            harness.source.deliver(shard, prefix + i, "k" + i);
        }
        await().until(() -> harness.source.paused.contains(shard));
    }

    private void anotherShardGoesOn(Shard shard) {
        for (int i = 0; i < 200; i++) {
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> !harness.source.paused.contains(shard));
            harness.source.deliver(shard, "free-" + i, "f" + i);
        }
        await().until(() -> harness.source.through(shard) == 199);
        assertThat(handled).hasSize(200);
    }

    @Test
    void claimsAheadOnlyAsFarAsHandlersAndRoundTripsNeed() {
        harness.start(harness.subscribe().concurrency(2), delivery -> {
            handled.add(delivery.id());
            release.await();
        });
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 3000; i++) {
            harness.source.deliver(shard, "m" + i, "k" + i % 700);
        }
        await().until(() -> handled.size() == 2);
        harness.source.deliver(shard, "last", "last");
        await().until(() -> harness.store.count(Type.CLAIM) >= 512);
        assertThat(harness.store.count(Type.CLAIM)).isBetween(512L, 514L);
        release.countDown();
        await().until(() -> harness.source.through(shard) == 3000);
        assertThat(harness.store.count(Type.CLAIM)).isEqualTo(3001);
    }

    /** The bound of G17, while the loop stands still: a listener holds it. */
    @Test
    void eachShardExceedsItsShareByLessThanOneFetch() {
        int fetch = 30;
        CountDownLatch held = new CountDownLatch(1);
        harness.listeners.add(event -> {
            if (event instanceof DeliveryRetried) {
                held.countDown();
                Uninterrupted.await(release, Duration.ofMinutes(1));
            }
        });
        Subscription subscription = harness.start(
                harness.subscribe().concurrency(4).maxInFlight(400).retry(RetryPolicy.fixed(Duration.ofMillis(1))),
                delivery -> {
                    if (delivery.id().equals("holds") && delivery.attempt() == 1) {
                        throw new IllegalStateException("so that the listener is called");
                    }
                });
        List<Shard> shards = IntStream.range(0, 5)
                .mapToObj(i -> harness.source.assign("orders-" + i))
                .toList();
        harness.source.deliver(shards.get(0), "holds", "k");
        await().until(() -> held.getCount() == 0);
        for (int round = 0; round < 100; round++) {
            shards.stream()
                    .filter(shard -> !harness.source.paused.contains(shard))
                    .forEach(shard -> harness.source.deliverFetch(shard, fetch));
        }
        assertThat(subscription.inFlight()).isBetween(400, 400 + shards.size() * (fetch - 1));
        release.countDown();
        await().until(() -> subscription.inFlight() == 0);
    }

    /**
     * Each key holds, in this order, a message of the lost shard, an unclaimed one, and another copy of the lost one. The copies are
     * claimed at once when the first ones are lost: they must not keep those before them from being claimed.
     */
    @Test
    void copiesOfLostMessagesDoNotKeepTheirPredecessorsUnclaimed() {
        harness.start(harness.subscribe().concurrency(4), delivery -> handled.add(delivery.id()));
        Shard lost = harness.source.assign("orders-0");
        Shard kept = harness.source.assign("orders-1");
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.gate = gate;
        int keys = 1500;
        for (int i = 0; i < keys; i++) {
            harness.source.deliver(lost, "copied-" + i, "k" + i);
        }
        for (int i = 0; i < keys; i++) {
            harness.source.deliver(kept, "between-" + i, "k" + i);
        }
        for (int i = 0; i < keys; i++) {
            harness.source.deliver(kept, "copied-" + i, "k" + i);
        }
        harness.source.lose(lost);
        gate.countDown();
        await().until(() -> harness.source.through(kept) == 2 * keys - 1);
        assertThat(handled).hasSize(2 * keys);
    }

    /** A turn that settles all at once: far below the bound no share is looked at any more. */
    @Test
    void aFullShardThatIsEmptiedWithinOneTurnIsResumed() {
        SearchedProcess process = new EngineWorld(
                        new Setting(CrashPolicy.REPROCESS, DeadLetterPolicy.defaults(), Nature.HEALTHY, Budget.of("")))
                .processes[0];
        ShardState shard = process.shardNow();
        process.inFlight.add(shard, 100, 100);
        process.turn();
        assertThat(shard.paused).isTrue();
        for (int i = 0; i < 100; i++) {
            process.inFlight.remove(shard, 1);
        }
        process.turn();
        assertThat(shard.paused).isFalse();
    }

    @Test
    void theSharesTogetherNeverExceedTheBound() {
        for (int shards = 1; shards <= 50; shards++) {
            Shares shares = Shares.of(1000, shards);
            assertThat(shares.own() * shards + shares.common()).isBetween(500L, 1000L);
            assertThat(shares.full(shares.own() - 1, 1000)).isFalse();
            assertThat(shares.full(shares.own(), shares.common())).isTrue();
            assertThat(shares.full(1000, shares.common() - 1)).isFalse();
        }
        assertThat(Shares.of(1, 7).own()).as("each shard may have one").isEqualTo(1);
    }
}
