package io.oncemq.core.consume;

import static io.oncemq.core.consume.HandTurnedEngine.HANDLER_TIMEOUT;
import static io.oncemq.core.consume.HandTurnedEngine.LEASE;
import static io.oncemq.spi.StoreCommand.Type.CLAIM;
import static io.oncemq.spi.StoreCommand.Type.COMPLETE;
import static io.oncemq.spi.StoreCommand.Type.RENEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingEvent.HandlerOverrun;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a lease is renewed, when it counts as lapsed, and when it is given up; the time moves by hand. */
class LeaseTimesTest {
    private static final Duration THIRD = LEASE.dividedBy(3);
    private static final Duration SAFE = LEASE.minus(LEASE.dividedBy(10));
    private static final Duration INSTANT = Duration.ofNanos(1);
    /** What the answer of the store takes. */
    private static final Duration SLOW = Duration.ofSeconds(5);

    private final HandTurnedEngine engine = new HandTurnedEngine();

    @Test
    void aHandlerBeginsUntilATenthBeforeTheEndOfTheLeaseCountedFromTheQuestion() {
        deliverAnsweredLate();
        engine.pass(SAFE.minus(SLOW).minus(INSTANT));
        assertThat(engine.begin()).isNotNull();
    }

    @Test
    void afterThatTheClaimIsAskedForAgainAndNoHandlerBegins() {
        deliverAnsweredLate();
        engine.pass(SAFE.minus(SLOW));
        assertThat(engine.begin()).isNull();
        assertThat(engine.asked("a")).contains(CLAIM);
        assertThat(engine.queued).isEmpty();
    }

    @Test
    void aRenewalCountsFromItsQuestionToo() {
        engine.deliver("a");
        engine.grant("a");
        engine.pass(THIRD);
        assertThat(engine.asked("a")).containsExactly(RENEW);
        engine.nanos += SLOW.toNanos();
        engine.answer("a", RENEW, Kind.OK);
        engine.nanos += SAFE.minus(SLOW).minus(INSTANT).toNanos();
        assertThat(engine.holdsLease("a")).isTrue();
        engine.nanos++;
        assertThat(engine.holdsLease("a")).isFalse();
        assertThat(engine.begin()).isNull();
    }

    @Test
    void aRunningHandlerIsRenewedEachThirdOfTheLeaseAndAnOverrunIsToldOnceAndEndsIt() {
        engine.deliver("a");
        engine.grant("a");
        assertThat(engine.begin()).isNotNull();
        Duration running = Duration.ZERO;
        while (running.plus(THIRD).compareTo(HANDLER_TIMEOUT) < 0) {
            running = running.plus(THIRD);
            engine.pass(THIRD);
            assertThat(engine.asked("a")).as("after %s", running).containsExactly(RENEW);
            engine.answer("a", RENEW, Kind.OK);
        }
        assertThat(engine.events(HandlerOverrun.class)).isEmpty();

        engine.pass(THIRD);
        assertThat(engine.events(HandlerOverrun.class)).singleElement().satisfies(overrun -> {
            assertThat(overrun.id()).isEqualTo("a");
            assertThat(overrun.running()).isEqualTo(HANDLER_TIMEOUT);
        });
        for (int i = 0; i < 10; i++) {
            engine.pass(THIRD);
        }
        assertThat(engine.asked("a")).as("renewals after it").isEmpty();
        assertThat(engine.events(HandlerOverrun.class)).hasSize(1);
    }

    @Test
    void aReservationBehindAHeadThatAnotherProcessHoldsIsNotRenewed() {
        engine.deliver("a");
        engine.answer("a", CLAIM, StoreAnswer.busy(LEASE.multipliedBy(10)));
        engine.deliver("b");
        engine.grant("b");
        // The head asks again meanwhile; when the renewal is due, the answer to its last question is known.
        for (Duration step : List.of(THIRD.dividedBy(4), THIRD.dividedBy(4), THIRD.dividedBy(4), THIRD.dividedBy(8))) {
            engine.pass(step);
            engine.answer("a", CLAIM, StoreAnswer.busy(LEASE.multipliedBy(10)));
        }
        engine.pass(THIRD.dividedBy(8));
        assertThat(engine.asked("a")).isEmpty();
        assertThat(engine.asked("b")).isEmpty();
    }

    /** Its handler would run without a renewal, and another process take it over in the middle. */
    @Test
    void aReservationThatWasNotRenewedIsClaimedAgainBeforeItsHandlerBegins() {
        aReservationBehindAHeadThatAnotherProcessHoldsIsNotRenewed();
        engine.pass(THIRD.dividedBy(8));
        engine.answer("a", CLAIM, Kind.DONE);
        assertThat(engine.holdsLease("b")).isTrue();
        assertThat(engine.queued).isEmpty();
        assertThat(engine.asked("b")).containsExactly(CLAIM);
        engine.grant("b");
        assertThat(engine.begin()).isNotNull();
        engine.pass(THIRD);
        assertThat(engine.asked("b")).containsExactly(RENEW);
    }

    @Test
    void aReservationBehindARunningHandlerIsRenewed() {
        engine.deliver("a");
        engine.grant("a");
        assertThat(engine.begin()).isNotNull();
        engine.deliver("b");
        engine.grant("b");
        engine.pass(THIRD);
        assertThat(engine.asked("b")).containsExactly(RENEW);
    }

    @Test
    void whileDoneIsBeingStoredTheClaimIsRenewedAndAfterItNoMore() {
        engine.deliver("a");
        engine.grant("a");
        engine.handle(null);
        engine.pass(THIRD);
        assertThat(engine.asked("a")).containsExactly(COMPLETE, RENEW);
        engine.answer("a", COMPLETE, Kind.OK);
        engine.answer("a", RENEW, Kind.STOLEN);
        engine.pass(LEASE);
        assertThat(engine.asked("a")).isEmpty();
    }

    private void deliverAnsweredLate() {
        engine.deliver("a");
        engine.nanos += SLOW.toNanos();
        engine.grant("a");
        assertThat(engine.queued).hasSize(1);
    }
}
