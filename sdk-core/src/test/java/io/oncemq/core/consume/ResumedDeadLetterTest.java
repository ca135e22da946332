package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.CrashPolicy;
import io.oncemq.Headers;
import io.oncemq.MessageHandler;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.RetryPolicy;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process dies between the mark of a dead letter and the letter, and another one finishes it. */
@Timeout(120)
class ResumedDeadLetterTest {
    private static final RetryPolicy THREE =
            RetryPolicy.builder().fixed(Duration.ofMillis(5)).maxAttempts(3).build();

    private final IdempotencyStore shared = InProcessIdempotency.create().open();
    private final EngineHarness next = new EngineHarness(new SwitchedStore(shared));
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private EngineHarness dying = new EngineHarness(new SwitchedStore(shared));

    @AfterEach
    void close() {
        next.close();
        dying.store.answersLostTo = null;
        dying.store.away = false;
        dying.close();
    }

    @Test
    void carriesTheFirstReasonClassAndAttemptsOfSpentAttempts() {
        Headers letter = letterOfTheNext(THREE, delivery -> {
            throw new IllegalStateException("the text stays with the process");
        });
        assertThat(letter.text("oncemq-dead-letter-reason")).isEqualTo("attempts-exhausted");
        assertThat(letter.text("oncemq-dead-letter-cause")).isEqualTo("java.lang.IllegalStateException");
        assertThat(letter.text("oncemq-dead-letter-message")).isNull();
        assertThat(letter.text("oncemq-dead-letter-attempts")).isEqualTo("3");
        assertThat(next.events(DeadLettered.class))
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo("attempts-exhausted"));
    }

    @Test
    void carriesTheFirstAttemptThoughItsStartWasNotStored() {
        Headers letter = letterOfTheNext(
                THREE.toBuilder().deadLetterOn(IllegalArgumentException.class).build(), delivery -> {
                    throw new IllegalArgumentException("no");
                });
        assertThat(letter.text("oncemq-dead-letter-reason")).isEqualTo("not-retryable");
        assertThat(letter.text("oncemq-dead-letter-cause")).isEqualTo("java.lang.IllegalArgumentException");
        assertThat(letter.text("oncemq-dead-letter-attempts")).isEqualTo("1");
    }

    @Test
    void isResumedWhereTheRecordHasNoCause() {
        dying.close();
        dying = new EngineHarness(new SwitchedStore(new WithoutCauses(shared)));
        Headers letter = letterOfTheNext(THREE, delivery -> {
            throw new IllegalStateException("always");
        });
        assertThat(letter.text("oncemq-dead-letter-reason")).isEqualTo("resumed");
        assertThat(letter.text("oncemq-dead-letter-cause")).isNull();
    }

    private Headers letterOfTheNext(RetryPolicy retry, MessageHandler<String> handler) {
        dying.store.answersLostTo = Type.DEAD_LETTERING;
        dying.start(dying.subscribe().retry(retry).lease(Duration.ofSeconds(1)), handler);
        Shard lost = dying.source.assign("orders-0");
        dying.source.deliver(lost, "a", "k");
        await().until(() -> dying.store.away);
        dying.source.lose(lost);
        next.start(next.subscribe().lease(Duration.ofMinutes(2)), delivery -> handled.add(delivery.id()));
        Shard shard = next.source.assign("orders-0");
        next.source.deliver(shard, "a", "k");
        await().atMost(Duration.ofSeconds(60)).until(() -> next.source.through(shard) == 0);
        assertThat(handled).isEmpty();
        assertThat(dying.deadLetters).isEmpty();
        assertThat(next.deadLetters).hasSize(1);
        return next.deadLetters.get(0).headers();
    }

    /** What an earlier version leaves in the store. */
    private record WithoutCauses(IdempotencyStore store) implements IdempotencyStore {
        @Override
        public ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease) {
            ClaimStore claims = store.group(group, crashPolicy, lease);
            return new ClaimStore() {
                @Override
                public List<StoreAnswer> apply(List<StoreCommand> commands) {
                    return claims.apply(
                            commands.stream().map(each -> each.because("")).toList());
                }

                @Override
                public void close() {
                    claims.close();
                }
            };
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
