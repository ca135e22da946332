package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Expected;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds dead letters that are not due: without the attempts that the message's policy has, beside an effect, or sent again for no reason.
 *
 * <p>A process sends one again for a reason if it was granted another claim since, if a publish session gave the letter back or failed, or
 * if something stood between it and the broker: the first one may not have been stored. Another process needs a claim of its own.
 * {@link FateCheck} judges that a dead letter which is due is sent at all, and {@link WaitCheck} how soon. It cannot see how many copies of
 * a dead letter the broker has.
 */
final class DeadLetterCheck implements Check {
    private final Map<Sender, Sent> last = new HashMap<>();
    private final Frame frame;
    private final Anomalies anomalies;

    DeadLetterCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (message == null) {
            return;
        }
        switch (event.kind()) {
            case DEAD_LETTER_SENT -> sent(event, message);
            case DEAD_LETTER_RETURNED -> last.remove(new Sender(event.process(), message));
            case HANDLER_ENDED -> message.runs.failed += event.text().equals("FAILED") ? 1 : 0;
            default -> {}
        }
    }

    private void sent(Event event, Message message) {
        if (!isDue(message) || message.grants.stream().noneMatch(each -> each.process.equals(event.process()))) {
            String text = "is sent as a dead letter after " + message.runs.begun + " attempts, of which "
                    + message.runs.failed + " failed; it is " + message.expected;
            anomalies.add(Rule.DEAD_LETTER, message, event.process(), event.nanos(), text);
        }
        long grants = message.grants.stream()
                .filter(each -> each.process.equals(event.process()))
                .count();
        Sent before = last.put(new Sender(event.process(), message), new Sent(event.nanos(), grants));
        if (before != null
                && before.grants == grants
                && !frame.keptFromBroker(event.process(), before.at - frame.setting("lease"), event.nanos())) {
            String text = "is sent as a dead letter again, for no reason";
            anomalies.add(Rule.DEAD_LETTER, message, event.process(), event.nanos(), text);
        }
    }

    /** A process that is killed may leave an attempt without an end, and one that was stored and never began. */
    private boolean isDue(Message message) {
        long most = frame.setting("maxAttempts");
        if (message.expected.equals(Expected.UNREADABLE.name())) {
            return message.runs.begun == 0;
        }
        if (message.expected.equals(Expected.POISON.name())) {
            return message.runs.failed > 0;
        }
        return !message.expected.equals(Expected.EXHAUSTED.name())
                || message.runs.begun + message.grants.size() - 1 >= most;
    }

    /** At the end: what has an effect is no dead letter, but for the effect of a stale owner, which a fence refuses. */
    void judge(Message message) {
        if (!message.deadLetter()) {
            return;
        }
        message.effects.stream()
                .filter(each -> !message.overtaken(each))
                .findFirst()
                .ifPresent(effect -> {
                    String text = "was handled and is a dead letter as well";
                    anomalies.add(Rule.DEAD_LETTER, message, effect.process, effect.nanos, text);
                });
    }

    private record Sender(String process, Message message) {}

    private record Sent(long at, long grants) {}
}
