package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.CrashPolicy;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a message leaves behind when it is dropped: no claim and no memory. */
@Timeout(120)
class LetGoTest {
    private final IdempotencyStore shared = InProcessIdempotency.create().open();
    private final EngineHarness harness = new EngineHarness(new SwitchedStore(shared));
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        harness.store.gate.countDown();
        release.countDown();
        harness.close();
    }

    @Test
    void closeReleasesTheClaimsThatWereUnderWay() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.gate = gate;
        Subscription subscription = harness.handle(delivery -> {});
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 50; i++) {
            harness.source.deliver(shard, "m" + i, "k" + i);
        }
        await().until(() -> subscription.inFlight() == 50);
        Thread closer = new Thread(() -> subscription.close(Duration.ofSeconds(30)));
        closer.start();
        await().until(() -> harness.source.assigned.isEmpty() && closer.getState() == Thread.State.TIMED_WAITING);
        gate.countDown();
        closer.join();

        assertThat(harness.store.count(Type.CLAIM)).isEqualTo(50);
        assertThat(harness.store.count(Type.RELEASE)).isEqualTo(50);
    }

    /** Its effect would be made again by the next owner if it were not marked. */
    @Test
    void closeWaitsForAHandlerWhoseShardWasLostAndStoresItsEffect() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Subscription subscription = harness.handle(delivery -> {
            begun.countDown();
            hang();
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        begun.await();
        harness.source.lose(shard);
        Thread closer = new Thread(() -> subscription.close(Duration.ofMinutes(10)));
        closer.start();
        closer.join(Duration.ofSeconds(2).toMillis());
        assertThat(closer.isAlive()).as("the close waits").isTrue();

        release.countDown();
        closer.join();
        assertThat(harness.store.count(Type.COMPLETE)).isEqualTo(1);
    }

    @Test
    void closeDoesNotWaitForClaimsWhileTheStoreIsAway() {
        Subscription subscription = harness.handle(delivery -> {});
        Shard shard = harness.source.assign("orders-0");
        harness.store.away = true;
        harness.source.deliver(shard, "a", "k");
        await().until(() -> harness.source.paused.contains(shard));
        long begun = System.nanoTime();
        subscription.close(Duration.ofMinutes(1));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }

    /** A release keeps the mark in the store: the next owner is told the same, at once. */
    @Test
    void aDroppedMessageInDoubtIsFreeForItsNextOwner() {
        EngineHarness dying = new EngineHarness(new SwitchedStore(shared));
        dying.store.answersLostTo = Type.START;
        quarantine(dying, Duration.ofSeconds(1));
        Shard lost = dying.source.assign("orders-0");
        dying.source.deliver(lost, 1, "b", "k", "body");
        await().until(() -> dying.store.away);
        dying.source.lose(lost);

        // "b" waits, in doubt, for "a", whose handler hangs.
        quarantine(harness, Duration.ofMinutes(10));
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        harness.source.deliver(shard, "b", "k");
        await().until(() ->
                harness.store.applied.stream().anyMatch(command -> command.type() == Type.RENEW || granted(shard)));
        harness.source.lose(shard);

        EngineHarness next = new EngineHarness(new SwitchedStore(shared));
        quarantine(next, Duration.ofMinutes(10));
        Shard there = next.source.assign("orders-0");
        next.source.deliver(there, 1, "b", "k", "body");
        await().until(() -> next.source.through(there) == 1);
        assertThat(next.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers().text("oncemq-dead-letter-reason"))
                        .isEqualTo("in-doubt"));
        next.close();
        dying.close();
    }

    /** Whether the store has answered the claim of "b", which is busy at first. */
    private boolean granted(Shard shard) {
        return Reachable.works(harness.source).stream()
                .anyMatch(work -> work.identity.id().equals("b") && work.verdict == Work.Verdict.IN_DOUBT);
    }

    private void quarantine(EngineHarness member, Duration lease) {
        member.start(member.subscribe().crashPolicy(CrashPolicy.QUARANTINE).lease(lease), delivery -> {
            if (delivery.id().equals("a")) {
                hang();
            }
        });
    }

    @Test
    void hungHandlersKeepNothingButTheirOwnMessagesThroughRebalances() {
        List<String> hung = new CopyOnWriteArrayList<>();
        Subscription subscription = harness.start(
                harness.subscribe().concurrency(2).retry(RetryPolicy.fixed(Duration.ofHours(1))), delivery -> {
                    if (delivery.id().equals("fails")) {
                        throw new IllegalStateException("again in an hour");
                    }
                    hung.add(delivery.id());
                    hang();
                });
        Shard first = harness.source.assign("orders-0");
        harness.source.deliver(first, "fails", "f");
        await().until(() -> harness.events(DeliveryRetried.class).size() == 1);
        harness.source.deliver(first, "hangs-0", "h0");
        harness.source.deliver(first, "hangs-1", "h1");
        await().until(() -> hung.size() == 2);
        rebalance(first);
        for (int round = 0; round < 5; round++) {
            Shard again = harness.source.assign("orders-0");
            harness.source.deliver(again, "fails", "f");
            harness.source.deliver(again, "hangs-0", "h0");
            harness.source.deliver(again, "hangs-1", "h1");
            rebalance(again);
        }
        await().ignoreExceptions().untilAsserted(() -> {
            assertThat(subscription.inFlight()).isEqualTo(2);
            assertThat(Reachable.works(subscription))
                    .extracting(work -> work.identity.id())
                    .containsExactlyInAnyOrder("hangs-0", "hangs-1");
        });
        release.countDown();
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(Reachable.works(subscription)).isEmpty());
    }

    private void rebalance(Shard shard) {
        for (int i = 0; i < 20; i++) {
            harness.source.deliver(shard, "waits-" + i, i % 2 == 0 ? "h0" : "other-" + i);
        }
        await().until(() -> harness.store.applied.stream()
                        .filter(command -> command.type() == Type.CLAIM)
                        .count()
                >= 20);
        harness.source.lose(shard);
    }

    /** As a handler does that swallows interrupts. */
    private void hang() {
        boolean done = false;
        while (!done) {
            try {
                done = release.await(1, TimeUnit.HOURS);
            } catch (InterruptedException ignored) {
                // It continues as if nothing had happened.
            }
        }
    }
}
