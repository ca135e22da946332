package io.oncemq.core.consume;

import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.core.EventLoop;
import io.oncemq.core.Events;
import io.oncemq.core.FailureText;
import io.oncemq.spi.StoreAnswer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message that was not handled: another attempt later, the dead letter, or its next owner. A dead letter is
 * marked in the store, published, and marked as published, in this order, so that a crash in between resumes here and never in
 * the handler. Belongs to the event loop.
 */
final class Failures {
    private final SubscriptionSpec spec;
    private final EventLoop loop;
    private final Claims claims;
    private final Lanes lanes;
    private final DeadLetterStep deadLetters;
    private final Events events;
    private final Consumer<Work> starter;
    private final RetryDelays delays;

    /** @param starter starts a message whose time for another attempt has come */
    Failures(
            SubscriptionSpec spec,
            EventLoop loop,
            Claims claims,
            Lanes lanes,
            DeadLetterStep deadLetters,
            Events events,
            Consumer<Work> starter) {
        this.spec = spec;
        this.loop = loop;
        this.claims = claims;
        this.lanes = lanes;
        this.deadLetters = deadLetters;
        this.events = events;
        this.starter = starter;
        this.delays = new RetryDelays(spec.retry().backOff());
    }

    /** Its handler, or what the handler published, has failed. */
    void failed(Work work, Throwable failure) {
        work.failure = failure;
        if (work.detached) {
            letGo(work, failure);
            return;
        }
        boolean attemptsLeft = work.attempt < spec.retry().maxAttempts();
        if (spec.deadLetters() && !(mayRepeat(failure) && attemptsLeft)) {
            deadLetter(work, attemptsLeft ? DeadLetterStep.NOT_RETRYABLE : DeadLetterStep.EXHAUSTED);
        } else if (work.shard.leaving) {
            letGo(work, failure);
        } else {
            retryLater(work, failure);
        }
    }

    /** The next owner may try at once, unless the failed attempt may have had an effect that must not come twice. */
    private void letGo(Work work, Throwable failure) {
        if (spec.quarantines() && !mayRepeat(failure)) {
            lanes.leave(work);
        } else {
            lanes.drop(work);
        }
    }

    /** Under QUARANTINE an attempt that failed may have had its effect, unless its exception was declared to be safe. */
    private boolean mayRepeat(Throwable failure) {
        boolean declared = !spec.retry().retryOn().isEmpty();
        return spec.retry().isRetryable(failure) && (declared || !spec.quarantines());
    }

    private void retryLater(Work work, Throwable failure) {
        work.failures++;
        lanes.giveSlotBack(work);
        lanes.uncount(work);
        Duration delay = delays.after(work.failures);
        try (LogContext ignored = LogContext.of(spec, work)) {
            FailureText.beside(
                    work.message.body(),
                    () -> events.emit(new DeliveryRetried(
                            spec.destination(), spec.reader(), work.identity.id(), work.attempt, delay, failure)));
        }
        work.move(WorkEvent.FAILED_RETRY);
        work.wakeAt(loop, loop.now() + delay.toNanos(), () -> {
            work.move(WorkEvent.TIMER);
            starter.accept(work);
        });
    }

    void deadLetter(Work work, String reason) {
        boolean turn = work.stage() == Stage.READY;
        DeadCause cause = DeadCause.of(reason, work.failure);
        work.deadCause = cause;
        lanes.giveSlotBack(work);
        Lanes.count(work);
        if (work.claimed) {
            work.move(turn ? WorkEvent.TURN_DEAD_LETTER : WorkEvent.FAILED_DEAD_LETTER);
            claims.deadLettering(work, cause);
        } else {
            publish(work, turn ? WorkEvent.TURN_PUBLISH_LETTER : WorkEvent.FAILED_PUBLISH_LETTER);
        }
    }

    /** Finishes what an earlier owner has marked, for the cause that it has recorded. */
    void resumeDeadLetter(Work work) {
        Lanes.count(work);
        publish(work, WorkEvent.TURN_PUBLISH_LETTER);
    }

    void deadLetteringAnswered(Work work, StoreAnswer answer, long sentAt) {
        if (answer.kind() == StoreAnswer.Kind.STOLEN) {
            lanes.uncount(work);
            if (work.shard.leaving) {
                lanes.drop(work);
            } else {
                claims.claim(work, WorkEvent.DEAD_MARK_STOLEN);
            }
        } else {
            claims.held(work, sentAt);
            publish(work, WorkEvent.DEAD_MARK_GRANTED);
        }
    }

    private void publish(Work work, WorkEvent event) {
        work.move(event);
        deadLetters.publish(work, failure -> loop.post(() -> published(work, failure)));
    }

    private void published(Work work, @Nullable Throwable failure) {
        if (failure == null && work.claimed) {
            work.move(WorkEvent.LETTER_CONFIRMED);
            claims.deadLettered(work);
        } else if (failure == null) {
            deadLettered(work, WorkEvent.LETTER_CONFIRMED_UNCLAIMED);
        } else if (work.detached) {
            deadLetters.abandon(work);
            lanes.leave(work);
        } else {
            work.move(WorkEvent.LETTER_FAILED);
            deadLetters.delayed(work, failure);
            work.wakeAt(loop, loop.now() + deadLetters.pause().toNanos(), () -> publish(work, WorkEvent.TIMER));
        }
    }

    void deadLettered(Work work, WorkEvent event) {
        deadLetters.done(work);
        lanes.finish(work, event);
    }
}
