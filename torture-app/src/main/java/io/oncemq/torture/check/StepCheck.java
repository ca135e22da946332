package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows each message from its claim to DONE. Finds an effect under a token that came with no claim of its process, a question for DONE before an
 * effect under that claim, and a handler that begins while the message of its key that the process handled before is not settled.
 *
 * <p>What is handled without a token is not judged: there is no claim without a store. Nor is what follows in a process that has just lost a shard, or was
 * told that a claim is stolen: it has begun anew then. It cannot see a step that is left out of a message without a key, other than its claim.
 */
final class StepCheck implements Check {
    /** By process and key: the message that was handled last. */
    private final Map<String, Map<String, Message>> handled = new HashMap<>();

    private final Anomalies anomalies;

    StepCheck(Anomalies anomalies) {
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (event.kind() == Kind.LOST || event.kind() == Kind.REVOKED) {
            handled.remove(event.process());
        } else if (message != null) {
            switch (event.kind()) {
                case HANDLER_STARTED -> begins(event, message);
                case EFFECT -> effect(event, message);
                case HANDLER_ENDED -> ends(event, message);
                case STORE_ASKED -> asks(event, message);
                case STORE_ANSWERED -> {
                    if (event.text().endsWith(" STOLEN")) {
                        handled.remove(event.process());
                    }
                }
                default -> {}
            }
        }
    }

    private void begins(Event event, Message message) {
        Map<String, Message> ofProcess = handled.get(event.process());
        Message before = ofProcess == null ? null : ofProcess.remove(event.key());
        if (before != null && before != message && before.settledBy.isEmpty()) {
            String text = "began before " + before.id + " was done";
            anomalies.add(Rule.ORDER, message, event.process(), event.nanos(), text);
        }
    }

    private void effect(Event event, Message message) {
        if (event.token() != 0 && message.grantWith(event.process(), event.token()) == null) {
            String text = "was handled with token " + event.token() + ", with which nothing was claimed";
            anomalies.add(Rule.UNCLAIMED, message, event.process(), event.nanos(), text);
        }
    }

    private void ends(Event event, Message message) {
        if (event.text().equals("OK") && !event.key().isEmpty() && event.token() != 0) {
            handled.computeIfAbsent(event.process(), name -> new HashMap<>()).put(event.key(), message);
        }
    }

    private void asks(Event event, Message message) {
        if (event.text().equals("COMPLETE") && !message.handledBy(event.process(), event.owner())) {
            String text = "was to be stored as done without an effect under that claim";
            anomalies.add(Rule.FALSE_SUPPRESSION, message, event.process(), event.nanos(), text);
        }
    }
}
