package io.oncemq.torture.check;

import io.oncemq.torture.history.Expected;
import io.oncemq.torture.history.PublishOutcome;

/**
 * Looks at what became of each message in the end.
 *
 * <ul>
 * <li>Lost: confirmed, and neither handled nor a dead letter; where the dead letters were read, it must be among them. Not told again here
 *     if it lies in a process that has it, or was falsely suppressed; not missed if it lay in its destination when that was deleted, unless
 *     the run had caught up before: then it had to be handled by that time. A dead letter is missed whatever was deleted. It cannot see
 *     messages whose UNKNOWN outcome was a stored one. A dead letter is lost as well, if its handler would have succeeded.
 * <li>Phantom: handled, but never published, or its latest try of publishing was refused, whatever came before: that says that it is not
 *     stored. Also: handled with another body than the published one, or though no handler can read it or succeed.
 * <li>False suppression: somebody was told DONE before any effect was written, or DEAD_LETTERED before any dead letter was sent. An effect
 *     is written before its DONE is asked for, so a killed process leaves no gap here.
 * <li>Hung: a try without an outcome, of a process that was not killed; or one whose outcome came later than a second after its deadline,
 *     not counting the time in which the publisher or the driver stood still; than three seconds where the machine has four threads to run
 *     for each processor.
 * <li>Refused: a try that was refused although other messages were confirmed all the while it was open; or although nothing had been done
 *     to publishing then, or for a lease before, the broker had not owed any answer for more than a second, and the machine had fewer than
 *     four threads to run for each processor. Excused are the moments after a fault begins and ends, and a key another message of which has
 *     an unknown outcome; or an unknown outcome more than a second before its deadline for as little reason. It cannot see why a broker
 *     that nothing was done to does not answer.
 * </ul>
 */
final class FateCheck {
    private static final long A_MOMENT = 1_000_000_000;

    private final Frame frame;
    private final Anomalies anomalies;

    FateCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    void judge(Message message) {
        boolean suppressed = falselySuppressed(message);
        if (message.confirmedAt != Message.NEVER && !message.stuck && !suppressed) {
            lost(message);
        }
        if (message.handled()) {
            phantom(message, message.effects.get(0));
        } else if (message.expected.equals(Expected.EFFECT.name()) && message.deadLetter()) {
            String text = "is a dead letter, and its handler would have succeeded";
            anomalies.add(Rule.LOST, message, "", message.invokedAt, text);
        }
        if (message.openTries > 0 && !frame.incarnation(message.publisher).crashed()) {
            anomalies.add(
                    Rule.HUNG_FUTURE,
                    message,
                    message.publisher,
                    message.invokedAt,
                    "was published without an outcome");
        }
        late(message);
        refused(message);
    }

    private void lost(Message message) {
        Long caughtUp = frame.caughtUpAfter(message.confirmedAt);
        if (message.handled()) {
            if (caughtUp != null && message.effects.get(0).nanos > caughtUp) {
                anomalies.add(Rule.LOST, message, "", caughtUp, "was not handled when the run had caught up");
            }
        } else if (message.deadLetter() && !isDeadLetter(message)) {
            String text = "was confirmed, and its dead letter is not among those that were read";
            anomalies.add(Rule.LOST, message, "", message.confirmedAt, text);
        } else if (!message.deadLetter() && !frame.deletedWith(message)) {
            String text = "was confirmed, and neither handled nor a dead letter";
            anomalies.add(Rule.LOST, message, "", message.confirmedAt, text);
        }
    }

    private void refused(Message message) {
        for (Span each : message.refusals) {
            if (!frame.blocked(message.key, each) && !wasDisturbed(each)) {
                String text =
                        "was refused after " + (each.to() - each.from()) / 1_000_000 + " ms, and nothing was wrong";
                anomalies.add(Rule.REFUSED, message, message.publisher, each.to(), text);
            }
        }
    }

    /** Whether something kept a try from being published. */
    private boolean wasDisturbed(Span each) {
        return frame.keptFromPublishing().touches(each.from(), each.to());
    }

    private boolean isDeadLetter(Message message) {
        return frame.deadLettersRead() ? message.inDeadLetter : message.deadLetter();
    }

    private void late(Message message) {
        long deadline = frame.setting("publishDeadline");
        Span longest = message.longestTry;
        if (deadline == 0 || longest == null) {
            return;
        }
        for (Span each : message.unknowns) {
            long open = each.to() - each.from();
            if (open < deadline - A_MOMENT && !wasDisturbed(each)) {
                String text = "has an unknown outcome after " + open / 1_000_000 + " ms, and nothing was wrong";
                anomalies.add(Rule.REFUSED, message, message.publisher, each.to(), text);
            }
        }
        long time = frame.awake(message.publisher, longest.from(), longest.to());
        boolean crowded = frame.crowded().touches(longest.to() - A_MOMENT, longest.to());
        if (time > deadline + (crowded ? 3 * A_MOMENT : A_MOMENT)) {
            String text = "was published without an outcome for " + time / 1_000_000 + " ms";
            anomalies.add(Rule.HUNG_FUTURE, message, message.publisher, longest.to(), text);
        }
    }

    private boolean falselySuppressed(Message message) {
        boolean done = message.doneTo != Message.NEVER
                && (!message.handled() || message.effects.get(0).nanos > message.doneTo);
        boolean dead = message.deadLetteredTo != Message.NEVER && message.deadLetterAt > message.deadLetteredTo;
        if (done || dead) {
            String text = done
                    ? "was reported as done before any effect"
                    : "was reported as a dead letter before there was one";
            long when = done ? message.doneTo : message.deadLetteredTo;
            anomalies.add(Rule.FALSE_SUPPRESSION, message, message.toldFirst, when, text);
        }
        return done || dead;
    }

    private void phantom(Message message, Effect first) {
        if (message.invokedAt == Message.NEVER || message.invokedAt > first.nanos) {
            anomalies.add(Rule.PHANTOM, message, first.process, first.nanos, "was handled and never published");
        } else if (Expected.isDeadLetter(message.expected)) {
            anomalies.add(
                    Rule.PHANTOM, message, first.process, first.nanos, "was handled and can only be a dead letter");
        } else if (message.openTries <= 0
                && (message.outcome.equals(PublishOutcome.REJECTED.name())
                        || message.outcome.equals(PublishOutcome.NOT_ATTEMPTED.name()))) {
            anomalies.add(Rule.PHANTOM, message, first.process, first.nanos, "was handled and reported as refused");
        }
    }
}
