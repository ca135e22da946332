package io.oncemq.core.consume;

import io.oncemq.MessagingEvent.HandlerOverrun;
import io.oncemq.core.EventLoop;
import io.oncemq.core.Events;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the commands of one turn for the store and keeps the leases. A lease is counted from before its command was sent, by
 * the monotonic clock, less a margin: safety never rests on a wall clock. Belongs to the event loop.
 */
final class Claims {
    private final @Nullable CommandSink store;
    private final SubscriptionSpec spec;
    private final EventLoop loop;
    private final Events events;
    private final Leases leases = new Leases();
    private final List<StoreOperation> settlements = new ArrayList<>();
    private final List<StoreOperation> claims = new ArrayList<>();
    private final long leaseNanos;
    private final ClaimWindow window;
    private int awaited;

    Claims(@Nullable CommandSink store, SubscriptionSpec spec, EventLoop loop, Events events) {
        this.store = store;
        this.spec = spec;
        this.loop = loop;
        this.events = events;
        this.leaseNanos = spec.lease().toNanos();
        this.window = new ClaimWindow(spec.claimsAhead());
    }

    boolean needed(Work work) {
        return store != null && work.identity.record() != null;
    }

    /** How many CLAIMs and STARTs are not answered: each may leave a claim behind that must be released. */
    int awaited() {
        return awaited;
    }

    private void await(Work work) {
        work.awaited = true;
        awaited++;
    }

    /** What is known to be open for long, of a message without a waiting caller, is not awaited either. */
    void answered(StoreOperation operation, StoreAnswer answer) {
        Work work = operation.work();
        StoreCommand.Type type = operation.command().type();
        if (type != StoreCommand.Type.CLAIM && type != StoreCommand.Type.START) {
            return;
        }
        boolean open = answer.kind() == StoreAnswer.Kind.UNKNOWN && !work.settled();
        if (work.awaited && !open) {
            work.awaited = false;
            awaited--;
        }
    }

    /** @param shards a live list of the shards that are owned */
    void over(List<ShardState> shards) {
        window.over(shards);
    }

    /** Claims what the lane has unclaimed, in order, as soon as there is room ahead. */
    void claimInTurn(Lane lane) {
        window.offer(lane);
    }

    /** Claims the head of a lane, room or not: others wait for it. */
    void claimHead(Work head) {
        window.remove(head);
        claim(head, WorkEvent.MAY_CLAIM);
    }

    /** @param event why it is claimed */
    void claim(Work work, WorkEvent event) {
        if (!work.stage().ahead()) {
            work.claimedAsHead = work.lane != null && work.lane.head() == work;
        }
        work.move(event);
        leases.remove(work);
        await(work);
        claims.add(new StoreOperation(
                work,
                new StoreCommand(
                        StoreCommand.Type.CLAIM,
                        work.record(),
                        work.owner,
                        work.identity.generation(),
                        0,
                        work.fingerprint,
                        work.claimed,
                        "")));
    }

    void start(Work work, int attempt) {
        work.move(WorkEvent.TURN_START);
        await(work);
        settlements.add(new StoreOperation(
                work,
                new StoreCommand(
                        StoreCommand.Type.START,
                        work.record(),
                        work.owner,
                        work.identity.generation(),
                        attempt,
                        0,
                        false,
                        "")));
    }

    void complete(Work work) {
        settle(work, StoreCommand.Type.COMPLETE);
    }

    /** @param cause for the owner that may have to finish it */
    void deadLettering(Work work, DeadCause cause) {
        add(work, StoreCommand.Type.DEAD_LETTERING, work.attempt, cause.text());
    }

    void deadLettered(Work work) {
        settle(work, StoreCommand.Type.DEAD_LETTERED);
    }

    void release(Work work) {
        settle(work, StoreCommand.Type.RELEASE);
    }

    /** A completion does not depend on the attempt; without one it takes the store's shortest way. */
    private void settle(Work work, StoreCommand.Type type) {
        add(work, type, type == StoreCommand.Type.COMPLETE ? 0 : work.attempt, "");
    }

    private void add(Work work, StoreCommand.Type type, int attempt, String cause) {
        settlements.add(new StoreOperation(
                work,
                new StoreCommand(
                        type,
                        work.record(),
                        work.owner,
                        work.identity.generation(),
                        attempt,
                        work.fingerprint,
                        false,
                        cause)));
    }

    /** The claim was granted or extended by a command that was sent at {@code sentAt}. */
    void held(Work work, long sentAt) {
        work.claimed = true;
        work.leaseUntil = sentAt + leaseNanos - leaseNanos / 10;
        leases.append(work, sentAt + leaseNanos / 3);
    }

    /**
     * LATE does not bring a lapsed lease back: the store may have lost the record of an owner that had taken over meanwhile.
     * The claim is then asked for again before a handler starts, and a handler that runs already stays warned.
     */
    void renewed(Work work, StoreCommand command, StoreAnswer answer, long sentAt) {
        work.renewing = false;
        if (work.settled() || !work.leased) {
            return;
        }
        if (answer.kind() == StoreAnswer.Kind.STOLEN && command.attempt() == 0 && work.runs()) {
            // It began while the renewal was on its way: a lost record would now be written again.
            renew(work);
        } else if (answer.kind() == StoreAnswer.Kind.STOLEN) {
            leases.remove(work);
            work.leaseUntil = sentAt;
        } else if (answer.kind() == StoreAnswer.Kind.OK || work.holdsLease(loop.now())) {
            work.leaseUntil = sentAt + leaseNanos - leaseNanos / 10;
        }
    }

    /** Stops renewing. */
    void forget(Work work) {
        leases.remove(work);
    }

    /** Gathers due renewals and hands everything to the store; returns when the next renewal is due. */
    long flush(long now) {
        window.claim(next -> claim(next, WorkEvent.MAY_CLAIM));
        Work work = leases.due(now);
        while (work != null) {
            renew(work, now);
            work = leases.due(now);
        }
        if (store != null && (!settlements.isEmpty() || !claims.isEmpty())) {
            store.submit(settlements, claims);
        }
        return leases.nextAt(now);
    }

    private void renew(Work work, long now) {
        leases.append(work, now + leaseNanos / 3);
        if (overrun(work, now) || behindBusyHead(work)) {
            leases.remove(work);
        } else if (!work.renewing) {
            renew(work);
        }
    }

    private void renew(Work work) {
        work.renewing = true;
        add(work, StoreCommand.Type.RENEW, work.runs() ? work.attempt : 0, "");
    }

    private boolean overrun(Work work, long now) {
        if (work.stage() != Stage.DISPATCHED || work.phase() == Work.QUEUED) {
            return false;
        }
        Duration running = Duration.ofNanos(now - work.startedAt);
        if (running.compareTo(spec.handlerTimeout()) < 0) {
            return false;
        }
        try (LogContext ignored = LogContext.of(spec, work)) {
            events.emit(new HandlerOverrun(spec.destination(), spec.reader(), work.identity.id(), running));
        }
        return true;
    }

    /**
     * A reservation behind a message that another process holds is not kept alive: two processes that reserve what the other
     * one waits for would wait for ever.
     */
    private static boolean behindBusyHead(Work work) {
        Lane lane = work.lane;
        Work head = lane == null ? null : lane.head();
        return head != null && head != work && head.stage() == Stage.BUSY;
    }
}
