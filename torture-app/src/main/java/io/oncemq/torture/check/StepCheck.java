package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Follows each message from its claim to DONE. Finds an effect under a token that came with no claim of its process, and a question for
 * DONE before an effect under that claim. What is handled without a token is not judged: there is no claim without a store.
 */
final class StepCheck implements Check {
    private final Anomalies anomalies;

    StepCheck(Anomalies anomalies) {
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (message != null && event.kind() == Kind.EFFECT) {
            effect(event, message);
        } else if (message != null && event.kind() == Kind.STORE_ASKED) {
            asks(event, message);
        }
    }

    private void effect(Event event, Message message) {
        if (event.token() != 0 && message.grantWith(event.process(), event.token()) == null) {
            String text = "was handled with token " + event.token() + ", with which nothing was claimed";
            anomalies.add(Rule.UNCLAIMED, message, event.process(), event.nanos(), text);
        }
    }

    private void asks(Event event, Message message) {
        if (event.text().equals("COMPLETE") && !message.handledBy(event.process(), event.owner())) {
            String text = "was to be stored as done without an effect under that claim";
            anomalies.add(Rule.FALSE_SUPPRESSION, message, event.process(), event.nanos(), text);
        }
    }
}
