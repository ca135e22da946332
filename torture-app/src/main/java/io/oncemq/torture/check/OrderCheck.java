package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds messages whose first effect came behind the first effect of a later message of the same key.
 *
 * <p>It sees: any overtaking among first effects, in one process or over several. It does not judge repeated effects, gaps, or an effect of an
 * owner that had been overtaken by another grant of the same message: {@link FenceCheck} shows that a fence refuses that one. It relies on a
 * workload that publishes a key's messages one behind the other, and goes on with the next only when the one before was confirmed.
 */
final class OrderCheck implements Check {
    private final Map<String, Long> highest = new HashMap<>();
    private final Anomalies anomalies;

    OrderCheck(Anomalies anomalies) {
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (event.kind() != Kind.EFFECT || message == null || message.ordered || message.key.isEmpty()) {
            return;
        }
        if (message.overtaken(message.effects.get(message.effects.size() - 1))) {
            return;
        }
        message.ordered = true;
        long before = highest.getOrDefault(message.key, Long.MIN_VALUE);
        if (message.sequence <= before) {
            anomalies.add(Rule.ORDER, message, event.process(), event.nanos(), "came after sequence " + before);
        } else {
            highest.put(message.key, message.sequence);
        }
    }
}
