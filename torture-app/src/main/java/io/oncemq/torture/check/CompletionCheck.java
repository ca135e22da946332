package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds handlers that have ended well and whose DONE is not asked for within half a lease, and a DONE that is asked for while the handler of that
 * very claim runs. A shard that has left excuses nothing: the effect has happened. Without a claim there is nothing to ask for.
 */
final class CompletionCheck implements Check {
    /** By process, message and token: since when a handler runs. */
    private final Map<Run, Long> running = new HashMap<>();
    /** By process and message: what is to follow. */
    private final Map<Run, Dues.Due> ended = new HashMap<>();

    private final Frame frame;
    private final Anomalies anomalies;
    private final Dues dues;

    CompletionCheck(Frame frame, Anomalies anomalies, Dues dues) {
        this.frame = frame;
        this.anomalies = anomalies;
        this.dues = dues;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (message == null) {
            return;
        }
        switch (event.kind()) {
            case HANDLER_STARTED -> running.put(new Run(event.process(), message, event.token()), event.nanos());
            case HANDLER_ENDED -> {
                running.remove(new Run(event.process(), message, event.token()));
                if (event.text().equals("OK") && event.token() != 0) {
                    expect(event, message);
                }
            }
            case STORE_ASKED -> {
                if (event.text().equals("COMPLETE")) {
                    asked(event, message);
                }
            }
            default -> {}
        }
    }

    private void expect(Event event, Message message) {
        Dues.Due before = ended.put(
                new Run(event.process(), message, 0),
                dues.expect(event.process(), event.nanos(), frame.setting("lease") / 2, due -> {
                    String text = "was handled, and DONE was not asked for " + due;
                    anomalies.add(Rule.COMPLETION, message, due.process, due.at(), text);
                }));
        if (before != null) {
            before.met();
        }
    }

    private void asked(Event event, Message message) {
        Dues.Due due = ended.remove(new Run(event.process(), message, 0));
        if (due != null) {
            due.met();
        }
        boolean runs = message.grants.stream()
                .filter(each -> each.isOf(event.process(), event.owner()))
                .anyMatch(each -> running.containsKey(new Run(event.process(), message, each.token)));
        if (runs) {
            anomalies.add(
                    Rule.COMPLETION,
                    message,
                    event.process(),
                    event.nanos(),
                    "was to be stored as done while its handler ran");
        }
    }

    private record Run(String process, Message message, long token) {}
}
