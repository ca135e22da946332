package io.oncemq.core.consume;

import static io.oncemq.spi.StoreCommand.Type.CLAIM;
import static io.oncemq.spi.StoreCommand.Type.RENEW;
import static io.oncemq.spi.StoreCommand.Type.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.core.EventLoop;
import io.oncemq.core.Events;
import io.oncemq.core.LoopThreads;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked of the store, what is still awaited from it, and how long a lease counts. */
class ClaimsTest {
    private static final long LEASE = HandTurnedEngine.LEASE.toNanos();
    private static final long SAFE = LEASE - LEASE / 10;
    private static final long BEGIN = 1_000;

    private final List<StoreOperation> asked = new ArrayList<>();
    private final ShardState shard = new ShardState(new Shard("orders-0", 1, Shard.AcknowledgeMode.CUMULATIVE));
    private final SubscriptionSpec spec = HandTurnedEngine.specification();
    private long now = BEGIN;
    private final EventLoop loop =
            new EventLoop("claims", () -> now, at -> at, failure -> {}, new LoopThreads("claims"));
    private final Claims claims = new Claims(this::submit, spec, loop, new Events(List.of()));
    private final Lane lane = new Lane("k");
    private long tags;

    ClaimsTest() {
        claims.over(List.of(shard));
    }

    @ParameterizedTest
    @EnumSource(names = {"CLAIM", "START"})
    void isAwaitedUntilItsAnswerIsKnown(StoreCommand.Type type) {
        Work work = asked(type);
        assertThat(claims.awaited()).isEqualTo(1);
        answer(work, type, Kind.UNKNOWN);
        assertThat(claims.awaited()).as("to be asked again").isEqualTo(1);
        answer(work, type, Kind.STOLEN);
        assertThat(claims.awaited()).isZero();
        answer(work, type, Kind.STOLEN);
        assertThat(claims.awaited()).as("a repetition's answer").isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"CLAIM", "START"})
    void theAnswerToAnotherCommandDoesNotEndTheWait(StoreCommand.Type type) {
        Work work = asked(type);
        answer(work, RENEW, Kind.OK);
        answer(work, StoreCommand.Type.RELEASE, Kind.OK);
        assertThat(claims.awaited()).isEqualTo(1);
    }

    @Test
    void anUnknownAnswerForASettledMessageIsNotWaitedForLonger() {
        Work work = asked(CLAIM);
        work.move(WorkEvent.CLAIM_KNOWN);
        answer(work, CLAIM, Kind.UNKNOWN);
        assertThat(claims.awaited()).isZero();
    }

    @Test
    void aHeadThatIsClaimedAtOnceIsNotClaimedOnceMore() {
        Work head = inLane();
        claims.claimInTurn(lane);
        claims.claimHead(head);
        claims.flush(now);
        assertThat(types()).containsExactly(CLAIM);
        assertThat(claims.awaited()).isEqualTo(1);
    }

    @Test
    void onlyAHeadCountsAsOne() {
        Work head = inLane();
        Work next = inLane();
        claims.claim(head, WorkEvent.MAY_CLAIM);
        claims.claim(next, WorkEvent.MAY_CLAIM);
        Work withoutLane = work();
        claims.claim(withoutLane, WorkEvent.MAY_CLAIM);
        assertThat(shard.headsAhead).isEqualTo(1);
        assertThat(shard.ahead).isEqualTo(3);
    }

    /** Else it would be taken off the heads without having been counted among them. */
    @Test
    void whatCountsAsNoHeadCountsSoWhenItIsClaimedAgain() {
        Work head = inLane();
        Work next = inLane();
        claims.claim(head, WorkEvent.MAY_CLAIM);
        claims.claim(next, WorkEvent.MAY_CLAIM);
        next.move(WorkEvent.CLAIM_GRANTED);
        head.move(WorkEvent.CLAIM_KNOWN);
        lane.remove(head);
        claims.claim(next, WorkEvent.TURN_RECLAIM);
        assertThat(shard.headsAhead).isZero();
        next.move(WorkEvent.CLAIM_KNOWN);
        assertThat(shard.headsAhead).isZero();
        assertThat(shard.ahead).isZero();
    }

    @Test
    void aRetryThatBecameTheHeadCountsAsOneWhenItIsClaimedAgain() {
        Work work = inLane();
        claims.claim(work, WorkEvent.MAY_CLAIM);
        work.move(WorkEvent.CLAIM_BUSY);
        assertThat(shard.headsAhead).isZero();
        claims.claim(work, WorkEvent.TIMER);
        assertThat(shard.headsAhead).isEqualTo(1);
    }

    @Test
    void aClaimThatIsAskedForAgainIsNotRenewedMeanwhile() {
        Work work = held();
        claims.claim(work, WorkEvent.TURN_RECLAIM);
        claims.flush(BEGIN + LEASE);
        assertThat(types()).containsExactly(CLAIM);
    }

    @Test
    void theNextRenewalIsAThirdOfTheLeaseAfterTheQuestion() {
        held();
        assertThat(claims.flush(BEGIN)).isEqualTo(BEGIN + LEASE / 3);
        assertThat(types()).isEmpty();
        assertThat(claims.flush(BEGIN + LEASE / 3)).isEqualTo(BEGIN + LEASE / 3 + LEASE / 3);
        assertThat(types()).containsExactly(RENEW);
    }

    @Test
    void aRenewalWithoutAnAnswerIsNotAskedForTwice() {
        Work work = held();
        claims.flush(BEGIN + LEASE / 3);
        claims.flush(BEGIN + LEASE);
        assertThat(types()).containsExactly(RENEW);
        now = BEGIN + LEASE;
        renewed(work, Kind.OK, BEGIN + LEASE / 3);
        claims.flush(BEGIN + 2 * LEASE);
        assertThat(types()).containsExactly(RENEW, RENEW);
    }

    /** The store tells by it whether a lost record may be written again. */
    @Test
    void aRenewalNamesTheAttemptOnlyWhileTheHandlerRuns() {
        Work work = held();
        work.attempt = 2;
        claims.flush(BEGIN + LEASE / 3);
        assertThat(last().attempt()).isZero();
        renewed(work, Kind.OK, BEGIN + LEASE / 3);
        running(work);
        claims.flush(BEGIN + LEASE);
        assertThat(types()).containsExactly(RENEW, RENEW);
        assertThat(last().attempt()).isEqualTo(2);
    }

    @Test
    void aMessageIsRenewedWhereverItStandsUnlessItsHeadIsWithAnotherProcess() {
        Work head = inLane();
        Work next = inLane();
        claims.claim(head, WorkEvent.MAY_CLAIM);
        claims.claim(next, WorkEvent.MAY_CLAIM);
        grant(next);
        claims.flush(BEGIN + LEASE / 3);
        assertThat(types()).containsExactly(RENEW, CLAIM, CLAIM);
        renewed(next, Kind.OK, BEGIN + LEASE / 3);
        head.move(WorkEvent.CLAIM_BUSY);
        assertThat(claims.flush(BEGIN + LEASE)).as("no renewal is due").isGreaterThan(BEGIN + 100 * LEASE);
        assertThat(types()).containsExactly(RENEW, CLAIM, CLAIM);
    }

    @Test
    void aLeaseCountsFromItsQuestionLessATenth() {
        Work work = held();
        assertThat(work.claimed).isTrue();
        assertThat(work.leaseUntil).isEqualTo(BEGIN + SAFE);
        renewed(work, Kind.OK, BEGIN + 7);
        assertThat(work.leaseUntil).isEqualTo(BEGIN + 7 + SAFE);
    }

    @Test
    void aLateRenewalExtendsALeaseThatHolds() {
        Work work = held();
        now = BEGIN + SAFE - 1;
        renewed(work, Kind.LATE, BEGIN + 7);
        assertThat(work.leaseUntil).isEqualTo(BEGIN + 7 + SAFE);
    }

    @Test
    void aLateRenewalDoesNotBringALapsedLeaseBack() {
        Work work = held();
        now = BEGIN + SAFE;
        renewed(work, Kind.LATE, BEGIN + 7);
        assertThat(work.leaseUntil).isEqualTo(BEGIN + SAFE);
    }

    @Test
    void aStolenLeaseEndsAndIsNotRenewedAgain() {
        Work work = held();
        renewed(work, Kind.STOLEN, BEGIN + 7);
        assertThat(work.leaseUntil).isEqualTo(BEGIN + 7);
        claims.flush(BEGIN + LEASE);
        assertThat(types()).isEmpty();
    }

    @Test
    void aRenewalThatAHandlerOvertookIsAskedForAgainWithItsAttempt() {
        Work work = held();
        work.attempt = 1;
        claims.flush(BEGIN + LEASE / 3);
        running(work);
        renewed(work, Kind.STOLEN, BEGIN + LEASE / 3);
        assertThat(work.leaseUntil).isEqualTo(BEGIN + SAFE);
        claims.flush(BEGIN + LEASE / 3);
        assertThat(types()).containsExactly(RENEW, RENEW);
        assertThat(last().attempt()).isEqualTo(1);
    }

    @Test
    void anAnswerChangesNothingOnceTheLeaseIsGivenUp() {
        Work work = held();
        claims.forget(work);
        renewed(work, Kind.OK, BEGIN + 7);
        assertThat(work.leaseUntil).isEqualTo(BEGIN + SAFE);
        assertThat(claims.flush(BEGIN + LEASE)).isGreaterThan(BEGIN + 100 * LEASE);
    }

    @Test
    void anAnswerChangesNothingOnASettledMessage() {
        Work work = held();
        claims.claim(work, WorkEvent.TURN_RECLAIM);
        grant(work);
        running(work);
        work.move(WorkEvent.HANDLED);
        work.move(WorkEvent.COMPLETE_ANSWERED);
        renewed(work, Kind.OK, BEGIN + 7);
        assertThat(work.leaseUntil).isEqualTo(BEGIN + SAFE);
    }

    @Test
    void aClaimIsNeededWhereThereAreAStoreAndAnId() {
        Claims without = new Claims(null, spec, loop, new Events(List.of()));
        assertThat(claims.needed(work())).isTrue();
        assertThat(without.needed(work())).isFalse();
        assertThat(claims.needed(Works.waiting(1))).isFalse();
        assertThat(without.flush(now)).isGreaterThan(now);
    }

    @Test
    void aCommandSaysWhatItDependsOn() {
        Work work = held();
        work.attempt = 3;
        claims.complete(work);
        claims.release(work);
        claims.deadLettered(work);
        claims.flush(BEGIN);
        assertThat(asked).extracting(each -> each.command().attempt()).containsExactly(0, 3, 3);
    }

    private Work work() {
        return Works.unclaimed(tags++, shard);
    }

    private Work inLane() {
        Work work = work();
        lane.add(work);
        return work;
    }

    private Work asked(StoreCommand.Type type) {
        Work work = work();
        claims.claim(work, WorkEvent.MAY_CLAIM);
        if (type == START) {
            answer(work, CLAIM, Kind.ACQUIRED);
            work.move(WorkEvent.CLAIM_GRANTED);
            claims.start(work, 1);
        }
        return work;
    }

    /** A message whose claim was asked for when the test began. */
    private Work held() {
        Work work = work();
        work.move(WorkEvent.MAY_CLAIM);
        grant(work);
        return work;
    }

    private void grant(Work work) {
        work.move(WorkEvent.CLAIM_GRANTED);
        claims.held(work, BEGIN);
    }

    private void running(Work work) {
        work.move(WorkEvent.TURN_HANDLE);
        work.queue();
        assertThat(work.begin(Thread.currentThread(), now)).isTrue();
    }

    private void answer(Work work, StoreCommand.Type type, Kind kind) {
        claims.answered(new StoreOperation(work, command(work, type)), StoreAnswer.of(kind));
    }

    private void renewed(Work work, Kind kind, long sentAt) {
        claims.renewed(work, command(work, RENEW), StoreAnswer.of(kind), sentAt);
    }

    private static StoreCommand command(Work work, StoreCommand.Type type) {
        return new StoreCommand(type, work.record(), work.owner, 0, 0, 0, false, "");
    }

    private void submit(List<StoreOperation> settlements, List<StoreOperation> more) {
        asked.addAll(settlements);
        asked.addAll(more);
        settlements.clear();
        more.clear();
    }

    private List<StoreCommand.Type> types() {
        return asked.stream().map(each -> each.command().type()).toList();
    }

    private StoreCommand last() {
        return asked.get(asked.size() - 1).command();
    }
}
