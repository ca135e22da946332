package io.oncemq.core.consume;

import static io.oncemq.spi.Shard.AcknowledgeMode.CUMULATIVE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.CodecException;
import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.Headers;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.IdReused;
import io.oncemq.MessagingEvent.StoreAvailable;
import io.oncemq.MessagingEvent.StoreUnavailable;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EngineSubscriptionTest {
    private static final RetryPolicy QUICK =
            RetryPolicy.fixed(Duration.ofMillis(5)).maxAttempts(3);
    private static final Owner ELSEWHERE = new Owner(-1, -1);

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
    void acknowledgesNothingBeforeDoneIsStored() {
        AtomicBoolean entered = new AtomicBoolean();
        harness.handle(delivery -> {
            harness.store.away = true;
            entered.set(true);
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");

        await().until(() -> !harness.events(StoreUnavailable.class).isEmpty());
        assertThat(entered).isTrue();
        assertThat(harness.source.through(shard)).isEqualTo(-1);

        harness.store.away = false;
        await().until(() -> harness.source.through(shard) == 0);
    }

    @Test
    void repeatsAnUnansweredDoneAndNeverTheHandler() {
        harness.handle(delivery -> {
            handled.add(delivery.id());
            harness.store.answersLost = true;
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");

        await().until(() -> harness.store.count(StoreCommand.Type.COMPLETE) >= 2);
        harness.store.answersLost = false;
        await().until(() -> harness.source.through(shard) == 0);
        assertThat(handled).containsExactly("a");
        assertThat(harness.events(StoreAvailable.class)).hasSize(1);
        assertThat(harness.events(io.oncemq.MessagingEvent.CompletionAlert.class))
                .isEmpty();
    }

    @Test
    void startsTheNextOfAKeyOnlyWhenDoneOfItsPredecessorIsStored() {
        harness.handle(delivery -> {
            handled.add(delivery.id());
            if (delivery.id().equals("a")) {
                harness.store.away = true;
            }
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        await().until(() -> !harness.events(StoreUnavailable.class).isEmpty());
        harness.source.deliver(shard, "b", "k");
        assertThat(handled).containsExactly("a");

        harness.store.away = false;
        await().until(() -> handled.contains("b"));
    }

    @Test
    void aCrashCanRepeatNoMoreEffectsThanTheConcurrency() {
        AtomicBoolean healed = new AtomicBoolean();
        CountDownLatch claimed = new CountDownLatch(3);
        harness.start(harness.subscribe().concurrency(3), delivery -> {
            claimed.countDown();
            assertThat(claimed.await(10, SECONDS)).isTrue();
            harness.store.away = !healed.get();
            handled.add(delivery.id());
        });
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 50; i++) {
            harness.source.deliver(shard, "m" + i, "key-" + i);
        }
        await().until(() -> handled.size() == 3);
        await().during(Duration.ofMillis(300)).until(() -> handled.size() == 3);
        healed.set(true);
        harness.store.away = false;
        await().until(() -> harness.source.through(shard) == 49);
        assertThat(handled).hasSize(50);
    }

    @Test
    void aReservationThatLapsedWhileItWaitedIsNotHandledOnItsOldClaim() throws InterruptedException {
        IdempotencyStore shared = InProcessIdempotency.create().open();
        ClaimStore elsewhere = shared.group("billing", CrashPolicy.REPROCESS, Duration.ofSeconds(1));
        SwitchedStore switched = new SwitchedStore(shared);
        CountDownLatch release = new CountDownLatch(1);
        try (EngineHarness here = new EngineHarness(switched)) {
            here.start(here.subscribe().concurrency(1).lease(Duration.ofSeconds(1)), delivery -> {
                handled.add(delivery.id());
                release.await();
            });
            Shard shard = here.source.assign("orders-0");
            here.source.deliver(shard, "runs", "k1");
            await().until(() -> handled.contains("runs"));
            here.source.deliver(shard, "waits", "k");
            await().until(() -> switched.count(StoreCommand.Type.CLAIM) == 2);
            switched.away = true;
            RecordId waiting =
                    new Identities("orders", "ce_").of(shard, message("waits")).recordOrThrow();
            await().until(() -> claimedBy(elsewhere, waiting));
            elsewhere.apply(List.of(StoreCommand.of(StoreCommand.Type.COMPLETE, waiting, ELSEWHERE)));
            release.countDown();
            switched.away = false;

            await().until(() -> here.source.through(shard) == 1);
            assertThat(handled).containsExactly("runs");
            assertThat(here.events(DuplicateSuppressed.class)).hasSize(1);
        }
    }

    private static boolean claimedBy(ClaimStore store, RecordId record) {
        return store.apply(List.of(StoreCommand.of(StoreCommand.Type.CLAIM, record, ELSEWHERE)))
                        .get(0)
                        .kind()
                == StoreAnswer.Kind.ACQUIRED;
    }

    @Test
    void pausesItsShardsWhileTheStoreIsAway() {
        harness.handle(delivery -> harness.store.away = true);
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");

        await().until(() -> harness.source.paused.contains(shard));
        harness.store.away = false;
        await().until(() -> !harness.source.paused.contains(shard));
    }

    @Test
    void aRetryHoldsItsKeyOnly() throws InterruptedException {
        CountDownLatch others = new CountDownLatch(20);
        AtomicBoolean healed = new AtomicBoolean();
        harness.start(harness.subscribe().retry(QUICK.maxAttempts(1000)), delivery -> {
            if ("bad".equals(delivery.key()) && !healed.get()) {
                throw new IllegalStateException("not yet");
            }
            handled.add(delivery.id());
            others.countDown();
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "bad-1", "bad");
        harness.source.deliver(shard, "bad-2", "bad");
        for (int i = 0; i < 20; i++) {
            harness.source.deliver(shard, "good-" + i, "good");
        }

        assertThat(others.await(10, SECONDS)).isTrue();
        assertThat(harness.source.through(shard)).isEqualTo(-1);
        assertThat(handled).doesNotContain("bad-1", "bad-2");
        healed.set(true);
        await().until(() -> harness.source.through(shard) == 21);
        assertThat(handled.indexOf("bad-1")).isLessThan(handled.indexOf("bad-2"));
    }

    @Test
    void spentAttemptsEndInTheDeadLetterWithOriginAndCause() {
        AtomicInteger calls = new AtomicInteger();
        harness.start(harness.subscribe().retry(QUICK), delivery -> {
            calls.incrementAndGet();
            throw new IllegalStateException("always");
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");

        await().until(() -> harness.source.through(shard) == 0);
        assertThat(calls).hasValue(3);
        assertThat(harness.events(DeliveryRetried.class)).hasSize(2);
        OutboundFrame letter = harness.deadLetters.get(0);
        assertThat(letter.destination()).isEqualTo("orders.billing.dlq");
        assertThat(letter.body()).isEqualTo("body of a".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(letter.headers().text("oncemq-dead-letter-id")).isEqualTo("a");
        assertThat(letter.headers().text("oncemq-scope")).isEqualTo("orders");
        assertThat(letter.headers().text("oncemq-dead-letter-attempts")).isEqualTo("3");
        assertThat(letter.headers().text("oncemq-dead-letter-cause")).isEqualTo("java.lang.IllegalStateException");
        assertThat(letter.headers().text("ce_id")).isEqualTo(letter.id()).isNotEqualTo("a");
    }

    @Test
    void aDeadLetterThatIsNotConfirmedIsPublishedAgainAndHoldsItsKey() {
        AtomicInteger tries = new AtomicInteger();
        DeadLetterBroker confirm = harness.broker::apply;
        harness.broker = frame -> tries.incrementAndGet() < 3
                ? CompletableFuture.failedFuture(new IllegalStateException("no"))
                : confirm.apply(frame);
        harness.start(harness.subscribe().retry(RetryPolicy.none()), delivery -> {
            handled.add(delivery.id());
            if (delivery.id().equals("a")) {
                throw new CodecException("poison", null);
            }
            assertThat(harness.deadLetters).hasSize(1);
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        harness.source.deliver(shard, "b", "k");

        await().until(() -> harness.source.through(shard) == 1);
        assertThat(harness.deadLetters).hasSize(1);
        assertThat(harness.events(DeadLettered.class)).hasSize(1);
        assertThat(handled).containsExactly("a", "b");
    }

    private interface DeadLetterBroker {
        CompletableFuture<io.oncemq.Receipt> apply(OutboundFrame frame);
    }

    @Test
    void aDeadLetterOfALostShardIsAbandonedSoThatItsKeyThaws() {
        List<CompletableFuture<Receipt>> open = new CopyOnWriteArrayList<>();
        harness.broker = frame -> {
            CompletableFuture<Receipt> letter = new CompletableFuture<>();
            open.add(letter);
            return letter;
        };
        harness.start(harness.subscribe().retry(RetryPolicy.none()), delivery -> {
            throw new IllegalStateException("always");
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        await().until(() -> open.size() == 1);
        harness.source.lose(shard);
        await().until(() -> {
            open.get(0).completeExceptionally(new IllegalStateException("unknown"));
            return harness.abandoned.size() == 1;
        });
        assertThat(open).hasSize(1);
    }

    @Test
    void blockNeverDeadLetters() {
        AtomicInteger calls = new AtomicInteger();
        harness.start(harness.subscribe().retry(QUICK).deadLetter(DeadLetterPolicy.block()), delivery -> {
            if (calls.incrementAndGet() < 10) {
                throw new IllegalStateException("no");
            }
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");

        await().until(() -> harness.source.through(shard) == 0);
        assertThat(calls).hasValue(10);
        assertThat(harness.deadLetters).isEmpty();
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

    @Test
    void aHandoverDrainsWhatRunsAndLetsGoWhatHasNotBegun() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        harness.start(harness.subscribe().concurrency(1), delivery -> {
            handled.add(delivery.id());
            running.countDown();
            release.await();
        });
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 5; i++) {
            harness.source.deliver(shard, "m" + i, "key-" + i);
        }
        assertThat(running.await(10, SECONDS)).isTrue();
        CompletableFuture<?> revoked = CompletableFuture.supplyAsync(() -> harness.source.revoke(shard));
        await().until(() -> harness.store.count(StoreCommand.Type.RELEASE) == 4);
        assertThat(revoked).isNotDone();
        release.countDown();
        revoked.get(10, SECONDS);

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

    @Test
    void quarantineSendsAnAttemptThatNeverEndedToTheDeadLetter() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        SwitchedStore store = harness.store;
        EngineHarness dying = new EngineHarness(store);
        dying.start(dying.subscribe().crashPolicy(CrashPolicy.QUARANTINE).lease(Duration.ofSeconds(1)), delivery -> {
            dying.store.away = true;
            handled.add(delivery.id());
            never.await();
        });
        Shard shard = dying.source.assign("orders-0");
        dying.source.deliver(shard, "a", "k");
        await().until(() -> handled.size() == 1);
        dying.source.lose(shard);
        EngineHarness next = new EngineHarness(new SwitchedStore(store));
        next.start(
                next.subscribe().crashPolicy(CrashPolicy.QUARANTINE).lease(Duration.ofSeconds(1)),
                delivery -> handled.add("again " + delivery.id()));
        Shard there = next.source.assign("orders-0");
        store.away = false;
        next.source.deliver(there, "a", "k");

        await().until(() -> next.source.through(there) == 0);
        assertThat(next.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers().text("oncemq-dead-letter-reason"))
                        .isEqualTo("in-doubt"));
        assertThat(handled).containsExactly("a");
        next.close();
        dying.close();
    }

    @Test
    void fencingTokensGrowWithinAKeyEvenWhenItsHeadWasClaimedLast() {
        ClaimStore other = harness.store.group("billing", CrashPolicy.REPROCESS, Duration.ofMinutes(2));
        RecordId record = new Identities("orders", "ce_")
                .of(new Shard("orders-0", 1, CUMULATIVE), message("a"))
                .recordOrThrow();
        other.apply(List.of(StoreCommand.of(StoreCommand.Type.CLAIM, record, ELSEWHERE)));
        List<Long> tokens = new CopyOnWriteArrayList<>();
        harness.handle(delivery -> {
            handled.add(delivery.id());
            tokens.add(delivery.fencingToken().orElseThrow());
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        harness.source.deliver(shard, "b", "k");
        await().until(() -> harness.store.count(StoreCommand.Type.CLAIM) >= 3);
        assertThat(handled).isEmpty();
        other.apply(List.of(StoreCommand.of(StoreCommand.Type.RELEASE, record, ELSEWHERE)));

        await().until(() -> handled.size() == 2);
        assertThat(handled).containsExactly("a", "b");
        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    private static InboundMessage message(String id) {
        return new InboundMessage(
                0, 0, "k", null, "", Headers.builder().add("ce_id", id).build(), null, 0, false, 0);
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
        release.countDown();
        await().until(() -> !harness.source.paused.contains(shard));
        await().until(() -> subscription.inFlight() == 0);
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
}
