package io.oncemq.testkit.kit.store;

import static io.oncemq.spi.StoreAnswer.Kind.ACQUIRED;
import static io.oncemq.spi.StoreAnswer.Kind.BUSY;
import static io.oncemq.spi.StoreAnswer.Kind.DEAD_LETTERING;
import static io.oncemq.spi.StoreAnswer.Kind.DONE;
import static io.oncemq.spi.StoreAnswer.Kind.IN_DOUBT;
import static io.oncemq.spi.StoreAnswer.Kind.LATE;
import static io.oncemq.spi.StoreAnswer.Kind.MINE;
import static io.oncemq.spi.StoreAnswer.Kind.OK;
import static io.oncemq.spi.StoreAnswer.Kind.STOLEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.spi.StoreUnavailableException;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.store.StoreFixture.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What each command does to a claim, one nested class per promise, named as in docs/evidence.md. A store extends this class
 * and {@link StoreEnduranceKit}, and gives both a fixture.
 */
public abstract class IdempotencyStoreKit extends StoreKit {
    @Nested
    @DisplayName("D1: a command may be repeated")
    class Repetition {
        @Test
        @DisplayName("a repeated claim meets its own write and gets a higher token")
        final void repeatedClaimIsMine() {
            Claimant me = claimant(LONG);
            StoreAnswer first = me.send(Type.CLAIM, 1);
            StoreAnswer again = me.repeat(Type.CLAIM, 1);
            assertThat(first.kind()).isEqualTo(ACQUIRED);
            assertThat(again.kind()).isEqualTo(MINE);
            assertThat(again.token()).isGreaterThan(first.token());
        }

        @Test
        @DisplayName("a claim whose reply is lost on the way is mine when it is repeated")
        final void claimWithoutReply() {
            need(StoreAbility.NETWORK);
            try (TcpProxy proxy = TcpProxy.to(fixture().port())) {
                Claimant me = claimant(Client.DEFAULT.port(proxy.port()), CrashPolicy.REPROCESS, LONG);
                proxy.swallowRepliesThenReset();
                assertThatThrownBy(() -> me.send(Type.CLAIM, 1)).isInstanceOf(StoreUnavailableException.class);
                proxy.restore();
                assertThat(me.repeat(Type.CLAIM, 1).kind()).isEqualTo(MINE);
            }
        }

        @Test
        @DisplayName("a completion whose reply is lost is OK when it is repeated")
        final void completionWithoutReply() {
            need(StoreAbility.NETWORK);
            try (TcpProxy proxy = TcpProxy.to(fixture().port())) {
                Claimant me = claimant(Client.DEFAULT.port(proxy.port()), CrashPolicy.REPROCESS, LONG);
                me.send(Type.CLAIM, 1);
                proxy.swallowRepliesThenReset();
                assertThatThrownBy(() -> me.send(Type.COMPLETE, 1)).isInstanceOf(StoreUnavailableException.class);
                proxy.restore();
                assertThat(me.repeat(Type.COMPLETE, 1).kind()).isEqualTo(OK);
            }
        }
    }

    @Nested
    @DisplayName("D2: done only after the effect, and a late owner gets a report")
    class Completion {
        @Test
        @DisplayName("what is done is done for everybody, and another payload under its id is noticed")
        final void doneForEverybody() {
            Claimant me = claimant(LONG);
            Claimant other = claimant(LONG);
            me.send(Type.CLAIM, 1);
            assertThat(me.withFingerprint(Type.COMPLETE, 1, 77).kind()).isEqualTo(OK);
            assertThat(other.withFingerprint(Type.CLAIM, 1, 77)).isEqualTo(StoreAnswer.done(false));
            assertThat(other.withFingerprint(Type.CLAIM, 1, 78)).isEqualTo(StoreAnswer.done(true));
            assertThat(other.kind(Type.COMPLETE, 1)).isEqualTo(STOLEN);
        }

        @Test
        @DisplayName("an owner whose lease lapsed is LATE if no other took its claim")
        final void lateWhenNobodyTook() {
            Claimant me = claimant(SHORT);
            Claimant longer = new Claimant(claimant(LONG).claims(), me.owner());
            me.send(Type.CLAIM, 1);
            fixture().pass(PAST_SHORT);
            assertThat(longer.kind(Type.RENEW, 1)).isEqualTo(LATE);
            assertThat(longer.kind(Type.RENEW, 1)).isEqualTo(OK);
            me.send(Type.RENEW, 1);
            fixture().pass(PAST_SHORT);
            assertThat(me.kind(Type.COMPLETE, 1)).isEqualTo(LATE);
            assertThat(me.kind(Type.CLAIM, 1)).isEqualTo(DONE);
        }

        @Test
        @DisplayName("an owner whose lease lapsed is answered STOLEN if another took its claim, and changes nothing")
        final void stolenWhenAnotherTook() {
            Claimant me = claimant(SHORT);
            Claimant other = claimant(LONG);
            me.send(Type.CLAIM, 1);
            fixture().pass(PAST_SHORT);
            assertThat(other.send(Type.CLAIM, 1).suspect()).isTrue();
            for (Type late : List.of(Type.RENEW, Type.START, Type.COMPLETE, Type.DEAD_LETTERED, Type.RELEASE)) {
                assertThat(me.kind(late, 1)).as(late.name()).isEqualTo(STOLEN);
            }
            assertThat(other.kind(Type.COMPLETE, 1)).isEqualTo(OK);
        }

        @Test
        @DisplayName("a store that stood still past the lease tells its owner LATE")
        final void lateAfterTheStoreStoodStill() {
            need(StoreAbility.OUTAGE);
            Claimant me = claimant(HASTY, CrashPolicy.REPROCESS, SHORT);
            me.send(Type.CLAIM, 1);
            fixture().server().pause();
            assertThatThrownBy(() -> me.send(Type.RENEW, 2)).isInstanceOf(StoreUnavailableException.class);
            fixture().pass(PAST_SHORT);
            fixture().server().resume();
            Claimant patient = new Claimant(claimant(SHORT).claims(), me.owner());
            assertThat(patient.kind(Type.COMPLETE, 1)).isEqualTo(LATE);
        }
    }

    @Nested
    @DisplayName("D3: a lease is extended by renewal only")
    class Leases {
        @Test
        @DisplayName("a renewed claim outlives its first lease")
        final void renewedClaimStays() {
            Duration lease = Duration.ofSeconds(6);
            Claimant me = claimant(lease);
            Claimant longer = new Claimant(claimant(LONG).claims(), me.owner());
            Claimant other = claimant(LONG);
            me.send(Type.CLAIM, 1);
            fixture().pass(lease.dividedBy(3));
            assertThat(longer.kind(Type.RENEW, 1)).isEqualTo(OK);
            fixture().pass(lease);
            StoreAnswer busy = other.send(Type.CLAIM, 1);
            assertThat(busy.kind()).isEqualTo(BUSY);
            assertThat(busy.remaining()).isBetween(LONG.dividedBy(2), LONG);
        }

        @Test
        @DisplayName("a claim that was given back is free at once, and forgets neither attempts nor suspicion")
        final void releasedClaimIsFree() {
            Claimant me = claimant(LONG);
            Claimant other = claimant(LONG);
            me.send(Type.CLAIM, 1);
            assertThat(me.kind(Type.RELEASE, 1)).isEqualTo(OK);
            assertThat(other.send(Type.CLAIM, 1).suspect()).isFalse();
            other.start(1, 2);
            other.send(Type.RELEASE, 1);
            StoreAnswer again = claimant(LONG).send(Type.CLAIM, 1);
            assertThat(again.attempt()).isEqualTo(2);
            assertThat(again.suspect()).isTrue();
        }
    }

    @Nested
    @DisplayName("D4: busy is not done")
    class Busy {
        @Test
        @DisplayName("another owner gets the remaining time of the claim")
        final void busyTellsTheRemainingTime() {
            claimant(LONG).send(Type.CLAIM, 1);
            StoreAnswer busy = claimant(LONG).send(Type.CLAIM, 1);
            assertThat(busy.kind()).isEqualTo(BUSY);
            assertThat(busy.remaining()).isBetween(LONG.minusSeconds(50), LONG);
        }

        @Test
        @DisplayName("after that time the claim can be taken over")
        final void takenOverAfterTheRemainingTime() {
            claimant(SHORT).send(Type.CLAIM, 1);
            Claimant other = claimant(LONG);
            fixture().pass(PAST_SHORT);
            assertThat(other.send(Type.CLAIM, 1).kind()).isEqualTo(ACQUIRED);
        }

        @Test
        @DisplayName("of many that claim at once, one gets each message")
        final void oneOfMany() {
            List<CompletableFuture<List<StoreAnswer>>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Claimant racer = claimant(LONG);
                all.add(CompletableFuture.supplyAsync(() -> racer.sendAll(Type.CLAIM, 0, 300)));
            }
            List<List<StoreAnswer>> answers =
                    all.stream().map(CompletableFuture::join).toList();
            for (int i = 0; i < 300; i++) {
                int message = i;
                assertThat(answers).extracting(list -> list.get(message).kind()).containsOnlyOnce(ACQUIRED);
            }
        }

        @Test
        @DisplayName("a started handler that vanished is repeated or in doubt, as the group says")
        final void startedAndGone() {
            Client client = Client.DEFAULT;
            claimant(SHORT).send(Type.CLAIM, 1);
            Claimant gone = claimant(client, CrashPolicy.QUARANTINE, SHORT);
            gone.send(Type.CLAIM, 2);
            gone.start(2, 1);
            fixture().pass(PAST_SHORT);
            Claimant careful = claimant(client, CrashPolicy.QUARANTINE, SHORT);
            assertThat(careful.kind(Type.CLAIM, 1)).isEqualTo(ACQUIRED);
            assertThat(careful.kind(Type.CLAIM, 2)).isEqualTo(IN_DOUBT);
            assertThat(careful.repeat(Type.CLAIM, 2).kind()).isEqualTo(IN_DOUBT);
            fixture().pass(PAST_SHORT);
            assertThat(claimant(client, CrashPolicy.QUARANTINE, SHORT).kind(Type.CLAIM, 2))
                    .isEqualTo(IN_DOUBT);
            fixture().pass(PAST_SHORT);
            StoreAnswer repeated = claimant(LONG).send(Type.CLAIM, 2);
            assertThat(repeated.kind()).isEqualTo(ACQUIRED);
            assertThat(repeated.attempt()).isEqualTo(1);
        }
    }

    @Nested
    @DisplayName("D5: a dead letter is a state of its own")
    class DeadLetters {
        @Test
        @DisplayName("a dead letter under way is finished by the next owner, and never handled")
        final void resumedByAnother() {
            Claimant me = claimant(LONG);
            Claimant brief = new Claimant(claimant(SHORT).claims(), me.owner());
            me.send(Type.CLAIM, 1);
            assertThat(brief.kind(Type.DEAD_LETTERING, 1)).isEqualTo(OK);
            fixture().pass(PAST_SHORT);
            Claimant other = claimant(LONG);
            assertThat(other.kind(Type.CLAIM, 1)).isEqualTo(DEAD_LETTERING);
            assertThat(other.kind(Type.START, 1)).isEqualTo(STOLEN);
            assertThat(other.kind(Type.DEAD_LETTERED, 1)).isEqualTo(OK);
            assertThat(me.kind(Type.CLAIM, 1)).isEqualTo(Kind.DEAD_LETTERED);
        }

        @Test
        @DisplayName(
                "the owner that finishes a dead letter gets its first cause and its attempts, until it is finished")
        final void causeIsKept() {
            String longest = "é".repeat(StoreCommand.MOST_CAUSE_BYTES / 2);
            Claimant me = claimant(LONG);
            me.send(Type.CLAIM, 1);
            assertThat(me.deadLettering(1, 0, 3, longest).kind()).isEqualTo(OK);
            me.send(Type.RENEW, 1);
            me.send(Type.RELEASE, 1);
            Claimant other = claimant(LONG);
            StoreAnswer taken = other.send(Type.CLAIM, 1);
            assertThat(taken.kind()).isEqualTo(DEAD_LETTERING);
            assertThat(taken.cause()).isEqualTo(longest);
            assertThat(taken.attempt()).isEqualTo(3);
            other.send(Type.DEAD_LETTERING, 1);
            assertThat(other.repeat(Type.CLAIM, 1).cause()).isEqualTo(longest);
            other.send(Type.DEAD_LETTERED, 1);
            other.claim(1, 1);
            other.deadLettering(1, 1, 0, "");
            other.send(Type.RELEASE, 1);
            StoreAnswer unknown = me.claim(1, 1);
            assertThat(unknown.kind()).isEqualTo(DEAD_LETTERING);
            assertThat(unknown.cause()).isEmpty();
        }

        @Test
        @DisplayName("a redrive is handled once, and an older copy stays dead")
        final void redrivenOnce() {
            Claimant me = claimant(LONG);
            me.send(Type.CLAIM, 1);
            me.send(Type.DEAD_LETTERING, 1);
            me.send(Type.DEAD_LETTERED, 1);
            Claimant redriven = claimant(LONG);
            StoreAnswer fresh = redriven.claim(1, 1);
            assertThat(fresh.kind()).isEqualTo(ACQUIRED);
            assertThat(fresh.suspect()).isFalse();
            assertThat(me.kind(Type.CLAIM, 1)).isEqualTo(Kind.DEAD_LETTERED);
            assertThat(redriven.kind(Type.COMPLETE, 1)).isEqualTo(OK);
            assertThat(claimant(LONG).claim(1, 1).kind()).isEqualTo(DONE);
            assertThat(claimant(LONG).claim(1, 2).kind()).isEqualTo(DONE);
        }
    }

    @Nested
    @DisplayName("P3: a message is known to one group, by its whole id")
    class Names {
        @Test
        @DisplayName("what one group has done is new to another")
        final void groupsAreApart() {
            Claimant me = claimant(LONG);
            me.send(Type.CLAIM, 1);
            me.send(Type.COMPLETE, 1);
            assertThat(stranger(LONG).kind(Type.CLAIM, 1)).isEqualTo(ACQUIRED);
        }

        @Test
        @DisplayName("ids that differ in one bit are two messages")
        final void idsAreToldApartByEveryByte() {
            Claimant me = claimant(LONG);
            Claimant other = claimant(LONG);
            RecordId id = Claimant.id(1);
            assertThat(me.claim(id).kind()).isEqualTo(ACQUIRED);
            for (int bit = 0; bit < Long.SIZE; bit++) {
                RecordId high = new RecordId(id.high() ^ 1L << bit, id.low(), id.keyHash());
                RecordId low = new RecordId(id.high(), id.low() ^ 1L << bit, id.keyHash());
                assertThat(other.claim(high).kind()).isEqualTo(ACQUIRED);
                assertThat(other.claim(low).kind()).isEqualTo(ACQUIRED);
            }
        }
    }
}
