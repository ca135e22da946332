package io.oncemq.core.consume;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.CompletionAlert;
import io.oncemq.MessagingEvent.DeliveryCompleted;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.IdReused;
import io.oncemq.Position;
import io.oncemq.core.EventLoop;
import io.oncemq.core.Events;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves every message of a subscription through claim, handler, DONE and acknowledgement, one key at a time.
 *
 * <p>A message is claimed as soon as it arrives, ahead of its turn: such a claim is a reservation that is renewed while it
 * waits and that may lapse without harm, since the lease is looked at again before the handler starts. When a message is the
 * head of its lane and its claim holds, it goes to the workers. A first attempt of a message that nobody lost before costs no
 * further write; a retry, and any message whose earlier claim lapsed, has its attempt written first, so one that kills its
 * process is counted, and its neighbours are not. The lane moves on when DONE (or DEAD_LETTERED) is stored, never earlier.
 *
 * <p>Messages of a shard that is leaving are let go unless their handler was let loose; those that were keep their lane until
 * the handler is back, so a key is never handled twice at once by one process, and their effect is marked in the store even
 * when nothing may be acknowledged any more.
 */
final class LaneEngine {
    private static final long FIRST_BUSY_NANOS = 250_000_000;
    private static final int MOST_BUSY_DOUBLINGS = 4;
    private static final long BUSY_JITTER_NANOS = 50_000_000;

    private final SubscriptionSpec spec;
    private final EventLoop loop;
    private final Consumer<Work> workers;
    private final Claims claims;
    private final InFlight inFlight;
    private final Events events;
    private final Lanes lanes;
    private final Failures failures;

    LaneEngine(
            SubscriptionSpec spec,
            EventLoop loop,
            Consumer<Work> workers,
            DeadLetterStep deadLetters,
            Claims claims,
            InFlight inFlight,
            Events events) {
        this.spec = spec;
        this.loop = loop;
        this.workers = workers;
        this.claims = claims;
        this.inFlight = inFlight;
        this.events = events;
        this.lanes = new Lanes(spec, claims, inFlight, this::start);
        this.failures = new Failures(spec, loop, claims, lanes, deadLetters, events, this::start);
    }

    void handover(Handover handover) {
        lanes.handover(handover);
    }

    /** How many keys have messages in flight. */
    int lanes() {
        return lanes.count();
    }

    /** Takes a batch of one shard in, in order. */
    void intake(ShardState shard, Work[] batch) {
        for (Work work : batch) {
            if (shard.leaving) {
                inFlight.remove(shard, work.message.size());
                continue;
            }
            lanes.add(work);
            if (claims.needed(work)) {
                lanes.lead(work);
            } else {
                work.move(WorkEvent.NO_CLAIM_NEEDED);
                lanes.startIfHead(work);
            }
        }
    }

    /** Lets a message go that has no handler running. */
    void drop(Work work) {
        lanes.drop(work);
    }

    /** The store's answers to a batch of commands that was sent at {@code sentAt}. */
    void answered(List<StoreOperation> operations, List<StoreAnswer> answers, long sentAt) {
        for (int i = 0; i < operations.size(); i++) {
            StoreAnswer answer = answers.get(i);
            claims.answered(operations.get(i), answer);
            if (answer.kind() != StoreAnswer.Kind.UNKNOWN) {
                StoreCommand command = operations.get(i).command();
                answered(operations.get(i).work(), command, answer, sentAt);
            }
        }
    }

    private void answered(Work work, StoreCommand command, StoreAnswer answer, long sentAt) {
        switch (command.type()) {
            case CLAIM -> claimAnswered(work, answer, sentAt);
            case RENEW -> claims.renewed(work, command, answer, sentAt);
            case START -> startAnswered(work, answer, sentAt);
            case COMPLETE -> completeAnswered(work, answer);
            case DEAD_LETTERING -> failures.deadLetteringAnswered(work, answer, sentAt);
            case DEAD_LETTERED -> failures.deadLettered(work, WorkEvent.DEAD_LETTERED_ANSWERED);
            case RELEASE -> {}
        }
    }

    private void claimAnswered(Work work, StoreAnswer answer, long sentAt) {
        if (work.settled()) {
            releaseUnwanted(work, answer);
            return;
        }
        switch (answer.kind()) {
            case ACQUIRED, MINE -> claimed(work, answer, sentAt, Work.Verdict.HANDLE);
            case DEAD_LETTERING -> {
                work.deadCause = DeadCause.recorded(answer.cause());
                claimed(work, answer, sentAt, Work.Verdict.FINISH_DEAD_LETTER);
            }
            case IN_DOUBT -> claimed(work, answer, sentAt, Work.Verdict.IN_DOUBT);
            case BUSY -> busy(work, answer.remaining());
            case DONE, DEAD_LETTERED, PARKED -> suppress(work, answer);
            default -> throw new IllegalStateException("a claim cannot be answered " + answer.kind());
        }
    }

    /**
     * The message was dropped before its claim was answered. A release keeps what is in doubt or on its way to the dead letter as
     * it is, free for the next owner.
     */
    private void releaseUnwanted(Work work, StoreAnswer answer) {
        switch (answer.kind()) {
            case ACQUIRED, MINE, IN_DOUBT, DEAD_LETTERING -> {
                work.move(WorkEvent.CLAIM_GRANTED);
                claims.release(work);
            }
            case BUSY -> work.move(WorkEvent.CLAIM_BUSY);
            default -> work.move(WorkEvent.CLAIM_KNOWN);
        }
    }

    private void claimed(Work work, StoreAnswer answer, long sentAt, Work.Verdict verdict) {
        work.token = answer.token();
        work.attempt = Math.max(work.attempt, answer.attempt());
        work.suspect = answer.suspect();
        work.lostBefore |= answer.suspect() || answer.attempt() > 0;
        work.verdict = verdict;
        claims.held(work, sentAt);
        work.move(WorkEvent.CLAIM_GRANTED);
        lanes.startIfHead(work);
    }

    /**
     * Asks again when the other owner's lease ends at the latest, and a few times before: it may be done, or have let go, long
     * before. What waits together asks together, in one batch. The jitter follows from the owner, so that a run can be repeated.
     */
    private void busy(Work work, Duration remaining) {
        work.move(WorkEvent.CLAIM_BUSY);
        long soon = FIRST_BUSY_NANOS << Math.min(work.busyAnswers++, MOST_BUSY_DOUBLINGS);
        long jitter = Math.floorMod(work.owner.hashCode() * 0x9E3779B97F4A7C15L, BUSY_JITTER_NANOS);
        long at = loop.now() + Math.min(soon, remaining.toNanos()) + jitter;
        work.wakeAt(loop, at, () -> claims.claim(work, WorkEvent.TIMER));
    }

    private void suppress(Work work, StoreAnswer answer) {
        Position position = position(work);
        String id = work.identity.id();
        emit(
                work,
                answer.otherPayload()
                        ? new IdReused(spec.destination(), spec.reader(), id, position)
                        : new DuplicateSuppressed(spec.destination(), spec.reader(), id, position));
        lanes.finish(work, WorkEvent.CLAIM_KNOWN);
    }

    private void emit(Work work, MessagingEvent event) {
        try (LogContext ignored = LogContext.of(spec, work)) {
            events.emit(event);
        }
    }

    static Position position(Work work) {
        return new Position(work.shard.shard.name(), work.message.offset());
    }

    private void start(Work work) {
        if (work.shard.leaving) {
            return;
        }
        // A reservation behind a message of another process is not renewed, and would not be while its handler runs.
        boolean lapsed = work.claimed && !(work.leased && work.holdsLease(loop.now()));
        if (lapsed || (work.lane != null && work.lane.wouldStepBack(work))) {
            claims.claim(work, WorkEvent.TURN_RECLAIM);
            return;
        }
        switch (work.verdict) {
            case HANDLE -> startHandler(work);
            case IN_DOUBT -> failures.deadLetter(work, DeadLetterStep.IN_DOUBT);
            case FINISH_DEAD_LETTER -> failures.resumeDeadLetter(work);
        }
    }

    private void startHandler(Work work) {
        int next = work.attempt + 1;
        if (work.message.expired()) {
            failures.deadLetter(work, DeadLetterStep.EXPIRED);
        } else if (next > spec.retry().maxAttempts() && spec.deadLetters()) {
            failures.deadLetter(work, DeadLetterStep.EXHAUSTED);
        } else if (work.claimed && !lanes.takeSlot(work)) {
            // It starts when a slot is given back.
            return;
        } else if (work.claimed && (work.suspect || work.attempt > 0 || spec.quarantines())) {
            claims.start(work, next);
        } else {
            dispatch(work, next, WorkEvent.TURN_HANDLE);
        }
    }

    private void startAnswered(Work work, StoreAnswer answer, long sentAt) {
        boolean stolen = answer.kind() == StoreAnswer.Kind.STOLEN;
        if (work.settled()) {
            work.move(stolen ? WorkEvent.START_STOLEN : WorkEvent.START_GRANTED);
            claims.release(work);
        } else if (stolen) {
            lanes.giveSlotBack(work);
            claims.claim(work, WorkEvent.START_STOLEN);
        } else {
            claims.held(work, sentAt);
            work.suspect = false;
            dispatch(work, work.attempt + 1, WorkEvent.START_GRANTED);
        }
    }

    private void dispatch(Work work, int attempt, WorkEvent event) {
        work.attempt = attempt;
        work.move(event);
        if (work.lane != null) {
            work.lane.tokenUsed(work.token);
        }
        Lanes.count(work);
        work.queue();
        workers.accept(work);
    }

    /** The worker has posted the work back: the handler returned or threw, or the lease had lapsed before it began. */
    void handlerEnded(Work work) {
        if (work.stage() != Stage.DISPATCHED) {
            return;
        }
        if (work.notStarted) {
            work.failure = null;
            work.attempt--;
            lanes.giveSlotBack(work);
            lanes.uncount(work);
            if (work.shard.leaving) {
                lanes.drop(work);
            } else {
                claims.claim(work, WorkEvent.NOT_BEGUN);
            }
        } else if (work.failure != null) {
            failures.failed(work, work.failure);
        } else if (work.derived != null) {
            work.move(WorkEvent.DERIVED);
            work.derived.whenConfirmed(failure -> loop.post(() -> derivedEnded(work, failure)));
        } else {
            complete(work);
        }
    }

    private void derivedEnded(Work work, @Nullable Throwable failure) {
        if (failure == null) {
            complete(work);
        } else {
            failures.failed(work, failure);
        }
    }

    private void complete(Work work) {
        if (work.claimed) {
            work.move(WorkEvent.HANDLED);
            claims.complete(work);
        } else {
            completed(work, WorkEvent.HANDLED_UNCLAIMED);
        }
    }

    private void completeAnswered(Work work, StoreAnswer answer) {
        if (answer.kind() != StoreAnswer.Kind.OK) {
            CompletionAlert.Kind kind =
                    answer.kind() == StoreAnswer.Kind.STOLEN ? CompletionAlert.Kind.STOLEN : CompletionAlert.Kind.LATE;
            emit(work, new CompletionAlert(spec.destination(), spec.reader(), work.identity.id(), kind));
        }
        completed(work, WorkEvent.COMPLETE_ANSWERED);
    }

    private void completed(Work work, WorkEvent event) {
        if (events.heard()) {
            Duration handling = Duration.ofNanos(loop.now() - work.startedAt);
            events.emit(new DeliveryCompleted(
                    spec.destination(), spec.reader(), work.identity.id(), work.attempt, handling));
        }
        lanes.finish(work, event);
    }
}
