package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds two handlers of one key at the same time, in two processes or in one, and more handlers in a process than it may run.
 *
 * <p>Two at once are explained if the first one's process may have been dead by then, or if the first one's lease had lapsed: a whole lease
 * had passed since its claim was last prolonged, and the history shows why it was not; or its claim may be lost by a failover. A handler
 * whose shard was taken away does not count towards the bound. It sees handlers only: two processes that believe to own a key without handling
 * anything do no harm and are not seen.
 */
final class HandlerCheck implements Check {
    private final Map<String, List<Run>> byKey = new HashMap<>();
    private final Map<String, List<Run>> byProcess = new HashMap<>();
    private final Frame frame;
    private final Anomalies anomalies;

    HandlerCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (event.kind() == Kind.LOST || event.kind() == Kind.REVOKED) {
            Place place = Place.of(event);
            byProcess
                    .getOrDefault(event.process(), new ArrayList<>())
                    .removeIf(run -> run.message.cameBy(event.process(), place));
        } else if (message != null && event.kind() == Kind.HANDLER_STARTED) {
            started(event, message);
        } else if (message != null && event.kind() == Kind.HANDLER_ENDED) {
            ended(byKey.get(event.key()), event);
            ended(byProcess.get(event.process()), event);
        }
    }

    private void started(Event event, Message message) {
        Run run = new Run(event.process(), message, event.token());
        List<Run> there = byProcess.computeIfAbsent(event.process(), name -> new ArrayList<>());
        there.add(run);
        long bound = frame.setting("concurrency");
        if (bound > 0 && there.size() > bound) {
            String text = there.size() + " handlers at once, " + bound + " are allowed";
            anomalies.add(Rule.BOUND, message, event.process(), event.nanos(), text);
        }
        if (event.key().isEmpty()) {
            return;
        }
        List<Run> ofKey = byKey.computeIfAbsent(event.key(), name -> new ArrayList<>(1));
        for (Iterator<Run> others = ofKey.iterator(); others.hasNext(); ) {
            Run other = others.next();
            if (frame.incarnation(other.process).deadBy(event.nanos())) {
                others.remove();
            } else if (!lapsed(other, event.nanos())) {
                String text = "is handled while " + other.process + " handles " + other.message.id;
                anomalies.add(Rule.DUAL_OWNER, message, event.process(), event.nanos(), text);
            }
        }
        ofKey.add(run);
    }

    private boolean lapsed(Run run, long now) {
        Grant grant = run.message.grantWith(run.process, run.token);
        if (grant == null) {
            return false;
        }
        return frame.passed("lease", grant.extendedAt, now)
                ? frame.leaseMayLapse(run.message, grant, now)
                : frame.memory().mayHaveFailedOver(grant.extendedAt, now);
    }

    private void ended(@Nullable List<Run> runs, Event event) {
        if (runs == null) {
            return;
        }
        for (Iterator<Run> all = runs.iterator(); all.hasNext(); ) {
            Run run = all.next();
            if (run.process.equals(event.process())
                    && run.message.id.equals(event.id())
                    && run.token == event.token()) {
                all.remove();
                return;
            }
        }
    }

    private record Run(String process, Message message, long token) {}
}
