package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays the sink that accepts an effect only if its token is not below the highest that it saw for the key, and finds where that sink would
 * be wrong: it refuses an effect of an owner that nobody had overtaken, or tokens of one message do not grow from grant to grant, so that it
 * accepts a stale owner's effect.
 *
 * <p>It sees every effect and every grant whose answer was recorded. It cannot see a grant whose answer a killed process never used.
 */
final class FenceCheck implements Check {
    private final Map<String, Seen> highest = new HashMap<>();
    private final Anomalies anomalies;

    FenceCheck(Anomalies anomalies) {
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (message == null || event.token() == 0) {
            return;
        }
        if (event.kind() == Kind.EFFECT) {
            effect(event, message);
        } else if (event.kind() == Kind.STORE_ANSWERED && event.text().startsWith("CLAIM ")) {
            granted(event, message);
        }
    }

    private void effect(Event event, Message message) {
        Seen before = highest.get(message.key);
        if (before == null || event.token() > before.token) {
            highest.put(message.key, new Seen(event.token(), message.id));
            return;
        }
        boolean again = event.token() == before.token && before.id.equals(message.id);
        if (!again && !message.overtaken(message.effects.get(message.effects.size() - 1))) {
            String text = "has token " + event.token() + ", and " + before.id + " had " + before.token + " before";
            anomalies.add(Rule.FENCE, message, event.process(), event.nanos(), text);
        }
    }

    private void granted(Event event, Message message) {
        List<Grant> grants = message.grants;
        if (grants.isEmpty()) {
            return;
        }
        Grant latest = grants.get(grants.size() - 1);
        if (latest.answeredAt != event.nanos() || latest.token != event.token()) {
            return;
        }
        for (Grant earlier : grants) {
            if (earlier.answeredAt < latest.askedAt && earlier.token >= latest.token) {
                String text = "was granted with token " + latest.token + " after " + earlier.token;
                anomalies.add(Rule.FENCE, message, event.process(), event.nanos(), text);
                return;
            }
        }
    }

    private record Seen(long token, String id) {}
}
