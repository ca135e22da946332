package io.oncemq.torture.check;

import io.oncemq.torture.history.Expected;

/**
 * Looks at what became of each message in the end.
 *
 * <ul>
 * <li>Lost: confirmed, and neither handled nor a dead letter; where the dead letters were read, it must be among them. Not told again here if it
 *     lies in a process that has it, or was falsely suppressed; not missed if its destination was deleted after it was published. It cannot see
 *     messages whose UNKNOWN outcome was a stored one.
 *     A dead letter is lost as well, if its handler would have succeeded.
 * <li>Phantom: handled, but never published, or every try of publishing ended as refused. A try whose outcome is missing may have stored it. Also:
 *     handled with another body than the published one, or though no handler can read it or succeed.
 * <li>False suppression: somebody was told DONE before any effect was written, or DEAD_LETTERED before any dead letter was sent. An effect
 *     is written before its DONE is asked for, so a killed process leaves no gap here.
 * <li>Hung: a try without an outcome, of a process that was not killed; or one whose outcome came later than its deadline and the time to recover
 *     behind it, although nobody there had stood still.
 * </ul>
 */
final class FateCheck {
    private final Frame frame;
    private final Anomalies anomalies;

    FateCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    void judge(Message message) {
        boolean suppressed = falselySuppressed(message);
        if (message.confirmedAt != Message.NEVER
                && !message.handled()
                && !isDeadLetter(message)
                && !message.stuck
                && !suppressed
                && !frame.recreatedAfter(message.invokedAt)) {
            String text = message.deadLetter()
                    ? "was confirmed, and its dead letter is not among those that were read"
                    : "was confirmed, and neither handled nor a dead letter";
            anomalies.add(Rule.LOST, message, "", message.confirmedAt, text);
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
        long time = longest.to() - longest.from();
        if (time > deadline + frame.setting("recovery")
                && !frame.publisherStoodStill(message.publisher, longest.from(), longest.to())) {
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
                    ? "was told to be done before any effect"
                    : "was told to be a dead letter before there was one";
            long when = done ? message.doneTo : message.deadLetteredTo;
            anomalies.add(Rule.FALSE_SUPPRESSION, message, message.toldFirst, when, text);
        }
        return done || dead;
    }

    private void phantom(Message message, Effect first) {
        if (message.invokedAt == Message.NEVER || message.invokedAt > first.nanos) {
            anomalies.add(Rule.PHANTOM, message, first.process, first.nanos, "was handled and never published");
        } else if (message.expected.equals(Expected.DEAD_LETTER.name())) {
            anomalies.add(
                    Rule.PHANTOM, message, first.process, first.nanos, "was handled and can only be a dead letter");
        } else if (message.refused
                && message.confirmedAt == Message.NEVER
                && !message.unknown
                && message.openTries <= 0) {
            anomalies.add(Rule.PHANTOM, message, first.process, first.nanos, "was handled and reported as refused");
        }
    }
}
