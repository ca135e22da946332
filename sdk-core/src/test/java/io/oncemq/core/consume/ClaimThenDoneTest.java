package io.oncemq.core.consume;

import static io.oncemq.spi.Shard.AcknowledgeMode.CUMULATIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.CrashPolicy;
import io.oncemq.Headers;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.StoreAvailable;
import io.oncemq.MessagingEvent.StoreUnavailable;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Claim, handler, DONE, acknowledgement: in this order while the store is unreachable, silent or shared. */
@Timeout(120)
class ClaimThenDoneTest {
    private static final Owner ELSEWHERE = new Owner(-1, -1);

    private final EngineHarness harness = new EngineHarness();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        harness.close();
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
        Map<String, Long> doneAtItsBegin = new ConcurrentHashMap<>();
        CountDownLatch bothClaimed = new CountDownLatch(1);
        harness.handle(delivery -> {
            doneAtItsBegin.put(delivery.id(), harness.store.count(StoreCommand.Type.COMPLETE));
            if (delivery.id().equals("a")) {
                bothClaimed.await();
                harness.store.away = true;
            }
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        harness.source.deliver(shard, "b", "k");
        await().ignoreExceptions()
                .until(() -> Reachable.works(harness.source).stream()
                        .anyMatch(work -> work.identity.id().equals("b") && work.stage() == Stage.READY));
        bothClaimed.countDown();
        await().until(() -> !harness.events(StoreUnavailable.class).isEmpty());

        harness.store.away = false;
        await().until(() -> harness.source.through(shard) == 1);
        assertThat(doneAtItsBegin).containsExactlyInAnyOrderEntriesOf(Map.of("a", 0L, "b", 1L));
    }

    @Test
    void aCrashCanRepeatNoMoreEffectsThanTheConcurrency() {
        int messages = 50;
        AtomicBoolean healed = new AtomicBoolean();
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger mostNotDone = new AtomicInteger();
        CountDownLatch allClaimed = new CountDownLatch(1);
        harness.start(harness.subscribe().concurrency(3), delivery -> {
            int notDone = begun.incrementAndGet() - (int) harness.store.count(StoreCommand.Type.COMPLETE);
            mostNotDone.accumulateAndGet(notDone, Math::max);
            allClaimed.await();
            harness.store.away = !healed.get();
            handled.add(delivery.id());
        });
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < messages; i++) {
            harness.source.deliver(shard, "m" + i, "key-" + i);
        }
        await().ignoreExceptions()
                .until(() -> Reachable.works(harness.source).stream()
                                .filter(work -> work.stage() == Stage.READY)
                                .count()
                        == messages - 3);
        allClaimed.countDown();
        await().until(() -> !harness.events(StoreUnavailable.class).isEmpty());
        healed.set(true);
        harness.store.away = false;
        await().until(() -> harness.source.through(shard) == messages - 1);
        assertThat(handled).hasSize(messages).doesNotHaveDuplicates();
        assertThat(mostNotDone).hasValue(3);
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
    void aReservationThatLapsedWhileItWaitedIsNotHandledOnItsOldClaim() throws InterruptedException {
        IdempotencyStore shared = InProcessIdempotency.create().open();
        ClaimStore elsewhere = shared.group("billing", CrashPolicy.REPROCESS, Duration.ofMinutes(2));
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
            await().until(() -> switched.count(StoreCommand.Type.CLAIM) >= 2);
            switched.away = true;
            RecordId waiting = new Identities(EngineHarness.SCOPE, List.of("ce_"), null)
                    .of(shard, message("waits"))
                    .recordOrThrow();
            await().until(() -> claimedBy(elsewhere, waiting));
            elsewhere.apply(List.of(StoreCommand.of(StoreCommand.Type.COMPLETE, waiting, ELSEWHERE)));
            release.countDown();
            switched.away = false;

            await().until(() -> here.source.through(shard) == 1);
            assertThat(handled).containsExactly("runs");
            assertThat(here.events(DuplicateSuppressed.class)).hasSize(1);
        }
    }

    @Test
    void fencingTokensGrowWithinAKeyEvenWhenItsHeadWasClaimedLast() {
        ClaimStore other = harness.store.group("billing", CrashPolicy.REPROCESS, Duration.ofMinutes(2));
        RecordId record = new Identities(EngineHarness.SCOPE, List.of("ce_"), null)
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

    private static boolean claimedBy(ClaimStore store, RecordId record) {
        return store.apply(List.of(StoreCommand.of(StoreCommand.Type.CLAIM, record, ELSEWHERE)))
                        .get(0)
                        .kind()
                == StoreAnswer.Kind.ACQUIRED;
    }

    private static InboundMessage message(String id) {
        return InboundMessage.builder(0, 0)
                .key("k")
                .headers(Headers.builder().add("ce_id", id).build())
                .build();
    }
}
