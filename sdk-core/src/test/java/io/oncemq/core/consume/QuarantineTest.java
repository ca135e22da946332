package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConfigurationException;
import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.MessageHandler;
import io.oncemq.RetryPolicy;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a START at each point where its process can disappear. */
@Timeout(120)
class QuarantineTest {
    /** Of the process that is to lose its claim; what the other one does must not depend on how quick the machine is. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    private static final Duration LONG = Duration.ofMinutes(2);

    private final IdempotencyStore shared = InProcessIdempotency.create().open();
    private final EngineHarness dying = new EngineHarness(new SwitchedStore(shared));
    private final EngineHarness next = new EngineHarness(new SwitchedStore(shared));
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        next.close();
        dying.store.awayFor = null;
        dying.store.answersLostTo = null;
        dying.store.away = false;
        dying.close();
    }

    @Test
    void storesEachStartBeforeItsHandlerBegins() {
        List<Long> startsStored = new CopyOnWriteArrayList<>();
        quarantine(next, 1, LONG, delivery -> startsStored.add(next.store.count(Type.START)));
        Shard shard = next.source.assign("orders-0");
        for (int i = 0; i < 5; i++) {
            next.source.deliver(shard, "m" + i, "k");
        }
        await().until(() -> next.source.through(shard) == 4);
        assertThat(startsStored).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aStartWhoseAnswerIsLostWithItsProcessIsInDoubt() {
        dying.store.answersLostTo = Type.START;
        dieAtStart();
        assertThat(next.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers().text("oncemq-dead-letter-reason"))
                        .isEqualTo("in-doubt"));
        assertThat(handled).isEmpty();
    }

    @Test
    void aStartThatNeverReachedTheStoreLeavesNoDoubt() {
        dying.store.awayFor = Type.START;
        dieAtStart();
        assertThat(next.deadLetters).isEmpty();
        assertThat(handled).containsExactly("next a");
    }

    @Test
    void withoutADeclarationNoFailureIsRetried() {
        next.start(
                next.subscribe().crashPolicy(CrashPolicy.QUARANTINE).retry(RetryPolicy.fixed(Duration.ofMillis(5))),
                delivery -> {
                    handled.add(delivery.id());
                    throw new IllegalStateException("who knows how far it got");
                });
        Shard shard = next.source.assign("orders-0");
        next.source.deliver(shard, "a", "k");
        await().until(() -> next.source.through(shard) == 0);
        assertThat(handled).containsExactly("a");
        assertThat(next.deadLetters).hasSize(1);
    }

    /** An answer in doubt carries no fencing token, so it must not be compared with the tokens of its lane. */
    @Test
    void anIdInDoubtAfterAHandledMessageOfItsKeyIsDeadLettered() {
        dying.store.answersLostTo = Type.START;
        quarantine(dying, 8, SHORT, delivery -> handled.add("dying " + delivery.id()));
        Shard lost = dying.source.assign("orders-0");
        dying.source.deliver(lost, 1, "b", "k", "body");
        await().until(() -> dying.store.away);
        dying.source.lose(lost);
        quarantine(next, 8, LONG, delivery -> handled.add("next " + delivery.id()));
        Shard shard = next.source.assign("orders-0");
        for (String id : List.of("a", "b", "c")) {
            next.source.deliver(shard, id, "k");
        }
        await().until(() -> next.source.through(shard) == 2);
        assertThat(handled).containsExactly("next a", "next c");
        assertThat(next.deadLetters).hasSize(1);
        assertThat(next.store.count(Type.CLAIM)).isLessThan(30);
    }

    @Test
    void refusesToBlockOnWhatMustNotRunAgain() {
        assertThatThrownBy(() -> next.start(
                        next.subscribe().crashPolicy(CrashPolicy.QUARANTINE).deadLetter(DeadLetterPolicy.block()),
                        delivery -> handled.add(delivery.id())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("crashPolicy")
                .hasMessageContaining("deadLetter = block()");
    }

    /** The process sends START, and is heard of no more. */
    private void dieAtStart() {
        quarantine(dying, 8, SHORT, delivery -> handled.add("dying " + delivery.id()));
        Shard lost = dying.source.assign("orders-0");
        dying.source.deliver(lost, "a", "k");
        await().until(() -> dying.store.away);
        dying.source.lose(lost);
        quarantine(next, 8, LONG, delivery -> handled.add("next " + delivery.id()));
        Shard shard = next.source.assign("orders-0");
        next.source.deliver(shard, "a", "k");
        await().atMost(Duration.ofSeconds(60)).until(() -> next.source.through(shard) == 0);
    }

    private static void quarantine(
            EngineHarness harness, int concurrency, Duration lease, MessageHandler<String> handler) {
        harness.start(
                harness.subscribe()
                        .crashPolicy(CrashPolicy.QUARANTINE)
                        .concurrency(concurrency)
                        .lease(lease),
                handler);
    }
}
