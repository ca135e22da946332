package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Finds more attempts of a message than its policy allows, and attempts under one claim whose numbers do not grow.
 *
 * <p>The first attempt under a claim need not be stored before it runs, so each further claim may repeat one number; and what a store loses or may
 * lose in a failover is counted anew.
 */
final class AttemptCheck implements Check {
    private final Frame frame;
    private final Anomalies anomalies;

    AttemptCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (message == null || event.kind() != Kind.HANDLER_STARTED) {
            return;
        }
        Runs runs = message.runs;
        long most = frame.setting("maxAttempts");
        if (frame.memory().mayHaveForgotten(runs.lastAt, event.nanos())) {
            runs.counted = 0;
            runs.grantsBefore = message.grants.size();
        }
        runs.counted++;
        long repeated = Math.max(0, message.grants.size() - runs.grantsBefore - 1L);
        if (most > 0 && (event.number() > most || runs.counted > most + repeated)) {
            String text = "begins attempt " + Math.max(runs.counted, event.number()) + ", " + most + " are allowed";
            anomalies.add(Rule.ATTEMPTS, message, event.process(), event.nanos(), text);
        } else if (event.number() > 0
                && event.token() != 0
                && event.token() == runs.lastToken
                && event.process().equals(runs.lastProcess)
                && event.number() <= runs.lastNumber) {
            String text = "begins attempt " + event.number() + " after attempt " + runs.lastNumber;
            anomalies.add(Rule.ATTEMPTS, message, event.process(), event.nanos(), text);
        }
        runs.began(event);
    }

    /** The handler's runs of one message so far. */
    static final class Runs {
        private long counted;
        private int grantsBefore;
        private long lastAt = Long.MAX_VALUE;
        private long lastToken;
        private long lastNumber;
        private String lastProcess = "";
        /** All of them, whatever was forgotten. */
        long begun;

        long failed;

        private void began(Event event) {
            begun++;
            lastAt = event.nanos();
            lastToken = event.token();
            lastNumber = event.number();
            lastProcess = event.process();
        }
    }
}
