package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.History;
import io.oncemq.torture.history.Kind;
import java.util.List;

/** Judges a history by every rule. It is read twice: for processes and faults, then for messages, of which an index is kept in memory. */
public final class Judge {
    /** What a process ends with whose subscription has failed. */
    private static final long FAILED = 1;

    private final Anomalies anomalies = new Anomalies();
    private final Messages messages = new Messages();
    private final Lines lines = new Lines();
    private final Dues dues;
    private final DeadLetterCheck deadLetters;
    private final Frame frame;
    private final List<Check> checks;

    private Judge(Frame frame) {
        this.frame = frame;
        this.dues = new Dues(frame);
        this.deadLetters = new DeadLetterCheck(frame, anomalies);
        this.checks = List.of(
                new RenewalCheck(frame, anomalies, dues),
                new CompletionCheck(frame, anomalies, dues),
                new DeliveryCheck(frame, anomalies),
                new AttemptCheck(frame, anomalies),
                deadLetters,
                new RedeliveryCheck(frame, anomalies),
                new TurnCheck(lines, anomalies),
                new WaitCheck(lines, frame, anomalies, dues),
                new OrderCheck(anomalies),
                new FenceCheck(anomalies),
                new StepCheck(anomalies),
                new LeaseCheck(frame, anomalies),
                new HandlerCheck(frame, anomalies),
                new ShardCheck(frame, anomalies),
                new ReceiptCheck(frame, anomalies));
    }

    public static Judgement of(History history) {
        return new Judge(Frame.of(history)).judge(history);
    }

    private Judgement judge(History history) {
        history.forEach(this::see);
        DuplicateCheck duplicates = new DuplicateCheck(frame, anomalies);
        FateCheck fates = new FateCheck(frame, anomalies);
        long published = 0;
        for (Message message : messages.all()) {
            duplicates.judge(message);
            fates.judge(message);
            deadLetters.judge(message);
            published += message.invokedAt == Message.NEVER ? 0 : 1;
        }
        frame.incarnations().values().forEach(this::ended);
        theEnd(history);
        Excuses excuses = new Excuses(frame);
        return new Judgement(
                published,
                messages.effects(),
                duplicates.explained(),
                anomalies.counts(),
                anomalies.first(),
                excuses.shares(),
                excuses.crowdedShare());
    }

    private void see(Event event) {
        if (event.kind() == Kind.STILL_OPEN && event.id().isEmpty()) {
            anomalies.add(Rule.HUNG_FUTURE, "", event.process(), event.nanos(), event.text() + " has not ended");
        }
        Long endedAt = frame.endedAt();
        if (endedAt == null || event.nanos() <= endedAt) {
            dues.pass(event.nanos());
        }
        Message message = messages.see(event);
        lines.see(event, message);
        for (Check check : checks) {
            check.see(event, message);
        }
    }

    /** A process whose destination has just been deleted may be right to fail. */
    private void ended(Incarnation process) {
        long at = process.endedByItselfAt();
        if (at != Incarnation.NEVER && !(process.status() == FAILED && frame.recreatedBefore(at))) {
            String text = process.name + " ended by itself with status " + process.status();
            anomalies.add(Rule.ENDED, "", process.name, at, text);
        }
    }

    private void theEnd(History history) {
        for (String process : history.torn()) {
            if (frame.incarnation(process).closed()) {
                String text = process + " closed in order, and not all of its lines are whole";
                anomalies.add(Rule.INCOMPLETE, "", process, frame.last(), text);
            }
        }
        Long endedAt = frame.endedAt();
        if (endedAt == null) {
            anomalies.add(Rule.INCOMPLETE, "", "", frame.last(), "the driver never said that it is over");
        } else if (frame.gaveUp() != null && anomalies.counts().isEmpty()) {
            String text = "the driver gave up waiting, and nothing else shows why: " + frame.gaveUp();
            anomalies.add(Rule.INCOMPLETE, "", "", endedAt, text);
        }
    }
}
