package io.oncemq.core.consume;

import io.oncemq.MessagingEvent.CompletionAlert;
import io.oncemq.MessagingEvent.DeliveryCompleted;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.IdReused;
import io.oncemq.Ordering;
import io.oncemq.Position;
import io.oncemq.core.Events;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
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
    private final Workers workers;
    private final DeadLetterStep deadLetters;
    private final Claims claims;
    private final InFlight inFlight;
    private final Events events;
    private final RetryDelays delays;

    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<RecordId, Work> leaders = new HashMap<>();
    private final Slots slots;
    private @Nullable Handover handover;

    LaneEngine(
            SubscriptionSpec spec,
            EventLoop loop,
            Workers workers,
            DeadLetterStep deadLetters,
            Claims claims,
            InFlight inFlight,
            Events events) {
        this.spec = spec;
        this.loop = loop;
        this.workers = workers;
        this.deadLetters = deadLetters;
        this.claims = claims;
        this.inFlight = inFlight;
        this.events = events;
        this.delays = new RetryDelays(spec.retry().backOff());
        this.slots = new Slots(spec.concurrency());
    }

    void handover(Handover handover) {
        this.handover = handover;
    }

    /** Takes a batch of one shard in, in order. */
    void intake(ShardState shard, Work[] batch) {
        for (Work work : batch) {
            if (shard.leaving) {
                inFlight.remove(work.message.size());
                continue;
            }
            shard.tracker.delivered(work);
            Lane lane = laneOf(work);
            lane.add(work);
            if (lane.key != null && lane.size() >= spec.keyShare()) {
                shard.chokedBy.add(lane);
            }
            if (claims.needed(work)) {
                lead(work);
            } else {
                work.stage = Stage.READY;
                startIfHead(work);
            }
        }
    }

    private Lane laneOf(Work work) {
        String key = spec.ordering() == Ordering.PER_KEY ? work.message.key() : null;
        return key == null ? new Lane(null) : lanes.computeIfAbsent(key, Lane::new);
    }

    private void lead(Work work) {
        Work leader = leaders.putIfAbsent(work.record(), work);
        if (leader == null) {
            claims.claim(work);
        } else {
            work.stage = Stage.FOLLOWING;
            leader.follow(work);
        }
    }

    /** The store's answers to a batch of commands that was sent at {@code sentAt}. */
    void answered(List<StoreOperation> operations, List<StoreAnswer> answers, long sentAt) {
        for (int i = 0; i < operations.size(); i++) {
            StoreAnswer answer = answers.get(i);
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
            case DEAD_LETTERING -> deadLetteringAnswered(work, answer, sentAt);
            case DEAD_LETTERED -> deadLetterDone(work);
            case RELEASE -> {}
        }
    }

    private void claimAnswered(Work work, StoreAnswer answer, long sentAt) {
        if (work.stage != Stage.CLAIMING) {
            releaseUnwanted(work, answer);
            return;
        }
        switch (answer.kind()) {
            case ACQUIRED, MINE -> claimed(work, answer, sentAt, Work.Verdict.HANDLE);
            case DEAD_LETTERING -> claimed(work, answer, sentAt, Work.Verdict.FINISH_DEAD_LETTER);
            case IN_DOUBT -> claimed(work, answer, sentAt, Work.Verdict.IN_DOUBT);
            case BUSY -> busy(work, answer.remaining());
            case DONE, DEAD_LETTERED, PARKED -> suppress(work, answer);
            default -> throw new IllegalStateException("a claim cannot be answered " + answer.kind());
        }
    }

    private void releaseUnwanted(Work work, StoreAnswer answer) {
        boolean got = answer.kind() == StoreAnswer.Kind.ACQUIRED || answer.kind() == StoreAnswer.Kind.MINE;
        if (got && work.stage == Stage.SETTLED) {
            claims.release(work);
        }
    }

    private void claimed(Work work, StoreAnswer answer, long sentAt, Work.Verdict verdict) {
        work.token = answer.token();
        work.attempt = Math.max(work.attempt, answer.attempt());
        work.suspect = answer.suspect();
        work.lostBefore |= answer.suspect() || answer.attempt() > 0;
        work.verdict = verdict;
        claims.held(work, sentAt);
        work.stage = Stage.READY;
        startIfHead(work);
    }

    /**
     * Asks again when the other owner's lease ends at the latest, and a few times before: it may be done, or have let go, long
     * before. What waits together asks together, in one batch.
     */
    private void busy(Work work, Duration remaining) {
        work.stage = Stage.BUSY;
        long soon = FIRST_BUSY_NANOS << Math.min(work.busyAnswers++, MOST_BUSY_DOUBLINGS);
        long jitter = ThreadLocalRandom.current().nextLong(BUSY_JITTER_NANOS);
        loop.at(loop.now() + Math.min(soon, remaining.toNanos()) + jitter, () -> {
            if (work.stage == Stage.BUSY) {
                claims.claim(work);
            }
        });
    }

    private void suppress(Work work, StoreAnswer answer) {
        Position position = position(work);
        String id = work.identity.id();
        events.emit(
                answer.otherPayload()
                        ? new IdReused(spec.destination(), spec.group(), id, position)
                        : new DuplicateSuppressed(spec.destination(), spec.group(), id, position));
        finish(work, true);
    }

    static Position position(Work work) {
        return new Position(work.shard.shard.name(), work.message.offset());
    }

    private void startIfHead(Work work) {
        Lane lane = work.lane;
        if (lane != null && lane.head() == work) {
            start(work);
        }
    }

    private void start(Work work) {
        if (work.shard.leaving) {
            return;
        }
        boolean lapsed = work.claimed && !work.holdsLease(loop.now());
        if (lapsed || (work.lane != null && work.lane.wouldStepBack(work))) {
            claims.claim(work);
            return;
        }
        switch (work.verdict) {
            case HANDLE -> startHandler(work);
            case IN_DOUBT -> deadLetter(work, DeadLetterStep.IN_DOUBT);
            case FINISH_DEAD_LETTER -> {
                work.deadReason = DeadLetterStep.RESUMED;
                count(work);
                publishDeadLetter(work);
            }
        }
    }

    private void startHandler(Work work) {
        int next = work.attempt + 1;
        if (next > spec.retry().maxAttempts() && spec.deadLetters()) {
            deadLetter(work, DeadLetterStep.EXHAUSTED);
        } else if (work.claimed && !slots.take(work)) {
            // It starts when a slot is given back.
            return;
        } else if (work.claimed && (work.suspect || work.attempt > 0 || spec.quarantines())) {
            work.stage = Stage.STARTING;
            claims.start(work, next);
        } else {
            dispatch(work, next);
        }
    }

    private void startAnswered(Work work, StoreAnswer answer, long sentAt) {
        if (work.stage != Stage.STARTING) {
            claims.release(work);
        } else if (answer.kind() == StoreAnswer.Kind.STOLEN) {
            giveSlotBack(work);
            claims.claim(work);
        } else {
            claims.held(work, sentAt);
            work.suspect = false;
            dispatch(work, work.attempt + 1);
        }
    }

    private void dispatch(Work work, int attempt) {
        work.attempt = attempt;
        work.stage = Stage.DISPATCHED;
        if (work.lane != null) {
            work.lane.tokenUsed(work.token);
        }
        count(work);
        work.queue();
        workers.submit(work);
    }

    /** The worker has posted the work back: the handler returned or threw, or the lease had lapsed before it began. */
    void handlerEnded(Work work) {
        if (work.stage != Stage.DISPATCHED) {
            return;
        }
        if (work.notStarted) {
            work.attempt--;
            giveSlotBack(work);
            uncount(work);
            if (work.shard.leaving) {
                drop(work);
            } else {
                claims.claim(work);
            }
        } else if (work.failure != null) {
            failed(work, work.failure);
        } else if (work.derived != null) {
            work.stage = Stage.DERIVING;
            work.derived.whenConfirmed(failure -> loop.post(() -> derivedEnded(work, failure)));
        } else {
            complete(work);
        }
    }

    private void derivedEnded(Work work, @Nullable Throwable failure) {
        if (failure == null) {
            complete(work);
        } else {
            failed(work, failure);
        }
    }

    private void complete(Work work) {
        if (work.claimed) {
            work.stage = Stage.COMPLETING;
            claims.complete(work);
        } else {
            completed(work);
        }
    }

    private void completeAnswered(Work work, StoreAnswer answer) {
        if (answer.kind() != StoreAnswer.Kind.OK) {
            CompletionAlert.Kind kind =
                    answer.kind() == StoreAnswer.Kind.STOLEN ? CompletionAlert.Kind.STOLEN : CompletionAlert.Kind.LATE;
            events.emit(new CompletionAlert(spec.destination(), spec.group(), work.identity.id(), kind));
        }
        completed(work);
    }

    private void completed(Work work) {
        if (events.heard()) {
            Duration handling = Duration.ofNanos(loop.now() - work.startedAt);
            events.emit(new DeliveryCompleted(
                    spec.destination(), spec.group(), work.identity.id(), work.attempt, handling));
        }
        finish(work, true);
    }

    private void failed(Work work, Throwable failure) {
        work.failure = failure;
        if (work.detached) {
            letGoAfterFailure(work, failure);
            return;
        }
        boolean attemptsLeft = work.attempt < spec.retry().maxAttempts();
        if (spec.deadLetters() && !(mayRepeat(failure) && attemptsLeft)) {
            deadLetter(work, attemptsLeft ? DeadLetterStep.NOT_RETRYABLE : DeadLetterStep.EXHAUSTED);
        } else if (work.shard.leaving) {
            letGoAfterFailure(work, failure);
        } else {
            retryLater(work, failure);
        }
    }

    /** The next owner may try at once, unless the failed attempt may have had an effect that must not come twice. */
    private void letGoAfterFailure(Work work, Throwable failure) {
        if (spec.quarantines() && !mayRepeat(failure)) {
            finish(work, false);
        } else {
            drop(work);
        }
    }

    /** Under QUARANTINE an attempt that failed may have had its effect, unless its exception was declared to be safe. */
    private boolean mayRepeat(Throwable failure) {
        boolean declared = !spec.retry().retryOn().isEmpty();
        return spec.retry().isRetryable(failure) && (declared || !spec.quarantines());
    }

    private void retryLater(Work work, Throwable failure) {
        work.failures++;
        giveSlotBack(work);
        uncount(work);
        Duration delay = delays.after(work.failures);
        events.emit(new DeliveryRetried(
                spec.destination(), spec.group(), work.identity.id(), work.attempt, delay, failure));
        work.stage = Stage.RETRYING;
        loop.at(loop.now() + delay.toNanos(), () -> {
            if (work.stage == Stage.RETRYING) {
                work.stage = Stage.READY;
                start(work);
            }
        });
    }

    private void deadLetter(Work work, String reason) {
        work.deadReason = reason;
        giveSlotBack(work);
        count(work);
        if (work.claimed) {
            work.stage = Stage.DEAD_MARKING;
            claims.deadLettering(work);
        } else {
            publishDeadLetter(work);
        }
    }

    private void deadLetteringAnswered(Work work, StoreAnswer answer, long sentAt) {
        if (answer.kind() == StoreAnswer.Kind.STOLEN) {
            uncount(work);
            if (work.shard.leaving) {
                drop(work);
            } else {
                claims.claim(work);
            }
        } else {
            claims.held(work, sentAt);
            publishDeadLetter(work);
        }
    }

    private void publishDeadLetter(Work work) {
        work.stage = Stage.DEAD_PUBLISHING;
        deadLetters.publish(work, failure -> loop.post(() -> deadLetterPublished(work, failure)));
    }

    private void deadLetterPublished(Work work, @Nullable Throwable failure) {
        if (work.stage != Stage.DEAD_PUBLISHING) {
            return;
        }
        if (failure == null && work.claimed) {
            work.stage = Stage.DEAD_MARKED;
            claims.deadLettered(work);
        } else if (failure == null) {
            deadLetterDone(work);
        } else if (work.detached) {
            deadLetters.abandon(work);
            finish(work, false);
        } else {
            deadLetters.delayed(work, failure);
            loop.at(loop.now() + deadLetters.pause().toNanos(), () -> {
                if (work.stage == Stage.DEAD_PUBLISHING) {
                    publishDeadLetter(work);
                }
            });
        }
    }

    private void deadLetterDone(Work work) {
        deadLetters.done(work);
        finish(work, true);
    }

    /** Lets a message go that has no handler running: the next owner takes it at once. */
    void drop(Work work) {
        boolean release = work.claimed && work.stage != Stage.CLAIMING && work.stage != Stage.STARTING;
        if (release && work.verdict == Work.Verdict.HANDLE) {
            claims.release(work);
        }
        finish(work, false);
    }

    private void finish(Work work, boolean acknowledge) {
        if (work.stage == Stage.SETTLED) {
            return;
        }
        work.stage = Stage.SETTLED;
        claims.forget(work);
        ShardState shard = work.shard;
        if (acknowledge && !work.detached && !shard.gone) {
            shard.tracker.settle(work.sequence);
            shard.dirty = true;
        }
        inFlight.remove(work.message.size());
        if (work.identity.record() != null) {
            promoteFollower(work);
        }
        giveSlotBack(work);
        uncount(work);
        if (work.lane != null) {
            advance(work.lane);
        }
    }

    /** The followers of a message go on by themselves: the store knows by now what became of the id. */
    private void promoteFollower(Work leader) {
        if (!leaders.remove(leader.record(), leader) || leader.followers == null) {
            return;
        }
        Work next = null;
        for (Work follower : leader.followers) {
            if (follower.stage != Stage.FOLLOWING) {
                continue;
            }
            if (next == null) {
                next = follower;
                leaders.put(next.record(), next);
                claims.claim(next);
            } else {
                next.follow(follower);
            }
        }
        leader.followers = null;
    }

    private void advance(Lane lane) {
        Work head = lane.head();
        boolean moved = false;
        while (head != null && head.stage == Stage.SETTLED) {
            lane.removeHead();
            moved = true;
            head = lane.head();
        }
        if (lane.size() == spec.keyShare() / 2 && handover != null) {
            handover.unchoke(lane);
        }
        if (head == null) {
            if (lane.key != null) {
                lanes.remove(lane.key, lane);
            }
        } else if (moved && head.stage == Stage.READY) {
            start(head);
        }
    }

    private void giveSlotBack(Work work) {
        slots.giveBack(work);
        for (Work next = slots.next(); next != null; next = slots.next()) {
            start(next);
        }
    }

    private static void count(Work work) {
        if (!work.counted) {
            work.counted = true;
            work.shard.started++;
        }
    }

    private void uncount(Work work) {
        if (work.counted) {
            work.counted = false;
            work.shard.started--;
            if (work.shard.leaving && handover != null) {
                handover.ended(work.shard);
            }
        }
    }
}
