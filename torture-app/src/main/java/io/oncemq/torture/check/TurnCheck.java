package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Finds a handler that begins while an earlier message of its key waits in the same process: for its claim, for another attempt, for its dead letter
 * or for DONE.
 *
 * <p>Not judged: what is handled without a token, since there is no claim without a store, and messages of shards that have left or are leaving.
 * The order over processes is judged by {@link OrderCheck}.
 */
final class TurnCheck implements Check {
    private final Lines lines;
    private final Anomalies anomalies;

    TurnCheck(Lines lines, Anomalies anomalies) {
        this.lines = lines;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (event.kind() != Kind.HANDLER_STARTED || message == null || event.token() == 0) {
            return;
        }
        Lines.Entry head = lines.head(event.process(), message.key);
        if (head != null && head.message != message && lines.find(event.process(), message) != null) {
            String text = "began before " + head.message.id + " was settled";
            anomalies.add(Rule.ORDER, message, event.process(), event.nanos(), text);
        }
    }
}
