package io.oncemq.core.consume;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.CodecException;
import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.Shard;
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

/** What becomes of a message whose handler fails. */
@Timeout(120)
class FailuresTest {
    private static final RetryPolicy QUICK =
            RetryPolicy.builder().fixed(Duration.ofMillis(5)).maxAttempts(3).build();

    private final EngineHarness harness = new EngineHarness();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void aRetryHoldsItsKeyOnly() throws InterruptedException {
        CountDownLatch others = new CountDownLatch(20);
        AtomicBoolean healed = new AtomicBoolean();
        harness.start(
                harness.subscribe().retry(QUICK.toBuilder().maxAttempts(1000).build()), delivery -> {
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

        assertThat(others.await(60, SECONDS)).isTrue();
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
        assertThat(letter.headers().text("oncemq-scope")).isEqualTo(EngineHarness.SCOPE);
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

    @Test
    void whatExpiredGoesToTheDeadLettersInItsTurnAndIsNotHandled() {
        harness.start(harness.subscribe(), delivery -> handled.add(delivery.id()));
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "before", "k");
        harness.source.deliverExpired(shard, "mayfly", "k");
        harness.source.deliver(shard, "after", "k");
        harness.source.deliverExpired(shard, "before", "k");

        await().until(() -> harness.source.through(shard) == 3);
        assertThat(handled).containsExactly("before", "after");
        assertThat(harness.deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.headers().text("oncemq-dead-letter-id")).isEqualTo("mayfly");
            assertThat(letter.headers().text("oncemq-dead-letter-reason")).isEqualTo("expired");
            assertThat(letter.headers().text("oncemq-dead-letter-attempts")).isEqualTo("0");
        });
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

    /** Else every later letter of that key in this client would be refused. */
    @Test
    void aDeadLetterThatFailsAfterTheRunIsAbandoned() {
        List<CompletableFuture<Receipt>> open = new CopyOnWriteArrayList<>();
        harness.broker = frame -> {
            CompletableFuture<Receipt> letter = new CompletableFuture<>();
            open.add(letter);
            return letter;
        };
        Subscription subscription = harness.start(harness.subscribe().retry(RetryPolicy.none()), delivery -> {
            throw new IllegalStateException("always");
        });
        Shard shard = harness.source.assign("orders-0");
        harness.source.deliver(shard, "a", "k");
        await().until(() -> open.size() == 1);
        subscription.close(Duration.ofMillis(50));
        subscription.close(Duration.ofMinutes(1));
        harness.abandoned.clear();
        open.get(0).completeExceptionally(new IllegalStateException("unknown"));
        assertThat(harness.abandoned).hasSize(1);
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
    void quarantineSendsAnAttemptThatNeverEndedToTheDeadLetter() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        SwitchedStore store = harness.store;
        EngineHarness dying = new EngineHarness(store);
        dying.start(dying.subscribe().crashPolicy(CrashPolicy.QUARANTINE).lease(Duration.ofSeconds(4)), delivery -> {
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
                next.subscribe().crashPolicy(CrashPolicy.QUARANTINE).lease(Duration.ofMinutes(2)),
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
}
