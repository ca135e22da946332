package io.oncemq.testkit.kit.store;

import static io.oncemq.spi.StoreAnswer.Kind.ACQUIRED;
import static io.oncemq.spi.StoreAnswer.Kind.BUSY;
import static io.oncemq.spi.StoreAnswer.Kind.DEAD_LETTERED;
import static io.oncemq.spi.StoreAnswer.Kind.DONE;
import static io.oncemq.spi.StoreAnswer.Kind.LATE;
import static io.oncemq.spi.StoreAnswer.Kind.OK;
import static io.oncemq.spi.StoreAnswer.Kind.STOLEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A store that finds its data gone: no process may be granted a claim on what another one still handles. */
public abstract class DataLossKit extends StoreKit {
    /** A half of it is more than a busy machine stands still. */
    private static final Duration LEASE = Duration.ofSeconds(10);

    private static final Duration BRIEF = Duration.ofSeconds(5);

    @Nested
    @DisplayName("D8: after a loss of data nothing is granted for a lease")
    class Amnesia {
        @BeforeEach
        final void needsDataToLose() {
            need(StoreAbility.DATA_LOSS);
        }

        @Test
        @DisplayName("each client that knew the data gets one report, waits for a lease, and continues by itself")
        final void waitsForALease() {
            Claimant me = claimant(BRIEF);
            Claimant other = claimant(BRIEF);
            me.send(Type.CLAIM, 1);
            loseData(other);
            StoreAnswer refused = other.send(Type.CLAIM, 100);
            assertThat(refused.kind()).isEqualTo(BUSY);
            assertThat(refused.remaining()).isPositive().isLessThanOrEqualTo(BRIEF);
            fixture().pass(refused.remaining().plus(PAST_SHORT));
            assertThat(other.kind(Type.CLAIM, 100)).isEqualTo(ACQUIRED);
            // Other parts of the store may have heard of the loss, and begun to wait, a moment later.
            fixture().pass(BRIEF);
            assertThat(other.sendAll(Type.CLAIM, 1, 30))
                    .extracting(StoreAnswer::kind)
                    .containsOnly(ACQUIRED);
            me.reconnect();
            me.sendAll(Type.CLAIM, 30, 60);
            assertThat(other.claims().dataLosses()).isEqualTo(1);
            assertThat(me.claims().dataLosses()).isEqualTo(1);
        }

        @Test
        @DisplayName("a running handler keeps its claim during the wait and after it")
        final void runningHandlerKeepsItsClaim() {
            Claimant me = claimant(LEASE);
            Claimant other = claimant(LEASE);
            me.send(Type.CLAIM, 1);
            loseData(me, other);
            assertThat(other.kind(Type.CLAIM, 1)).isEqualTo(BUSY);
            assertThat(me.renewRunning(1, 1).kind()).isEqualTo(LATE);
            fixture().pass(LEASE.dividedBy(2));
            assertThat(me.renewRunning(1, 1).kind()).isEqualTo(OK);
            fixture().pass(LEASE.dividedBy(2).plus(PAST_SHORT));
            assertThat(other.kind(Type.CLAIM, 2)).as("the wait is over").isEqualTo(ACQUIRED);
            assertThat(other.kind(Type.CLAIM, 1)).isEqualTo(BUSY);
            assertThat(me.kind(Type.COMPLETE, 1)).isEqualTo(OK);
            assertThat(other.kind(Type.CLAIM, 1)).isEqualTo(DONE);
        }

        @Test
        @DisplayName("what a handler reports as done is stored again, and known to everybody during the wait")
        final void doneIsStoredAgain() {
            Claimant me = claimant(LONG);
            Claimant other = claimant(LONG);
            me.send(Type.CLAIM, 1);
            me.send(Type.CLAIM, 2);
            me.send(Type.DEAD_LETTERING, 2);
            loseData(me, other);
            assertThat(me.kind(Type.COMPLETE, 1)).isEqualTo(LATE);
            assertThat(me.kind(Type.DEAD_LETTERED, 2)).isEqualTo(LATE);
            assertThat(other.kind(Type.CLAIM, 1)).isEqualTo(DONE);
            assertThat(other.kind(Type.CLAIM, 2)).isEqualTo(DEAD_LETTERED);
            assertThat(other.kind(Type.CLAIM, 3)).isEqualTo(BUSY);
        }

        @Test
        @DisplayName("a claim whose handler had not begun is lost, and is claimed again like any other")
        final void reservationIsClaimedAnew() {
            Claimant me = claimant(LONG);
            me.send(Type.CLAIM, 1);
            loseData(me);
            assertThat(me.start(1, 1).kind()).isEqualTo(STOLEN);
            assertThat(me.kind(Type.RENEW, 1)).isEqualTo(STOLEN);
            assertThat(me.kind(Type.CLAIM, 1)).isEqualTo(BUSY);
        }

        @Test
        @DisplayName("a new client of an empty store does not wait, until a client comes that remembers")
        final void newcomerWaitsForThoseWhoRemember() {
            Claimant me = claimant(LONG);
            me.send(Type.CLAIM, 1);
            fixture().loseData();
            Claimant newcomer = claimant(LONG);
            assertThat(newcomer.kind(Type.CLAIM, 2)).isEqualTo(ACQUIRED);
            me.reconnect();
            assertThat(me.renewRunning(1, 1).kind()).isEqualTo(LATE);
            assertThat(newcomer.kind(Type.CLAIM, 3)).isEqualTo(BUSY);
            assertThat(newcomer.kind(Type.COMPLETE, 2)).isEqualTo(OK);
            assertThat(newcomer.claims().dataLosses()).isZero();
        }

        private void loseData(Claimant... clients) {
            fixture().loseData();
            Stream.of(clients).forEach(Claimant::reconnect);
        }
    }
}
