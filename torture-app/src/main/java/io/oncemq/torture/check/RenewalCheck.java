package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds claims that are held and whose renewal is not asked for within half a lease, whatever the answers are.
 *
 * <p>A claim is held from its answer until DONE, the end of its dead letter or its release is asked for, or until its owner is told that it is
 * stolen. Not judged: a claim whose shard has left the process, one whose handler has overrun its time, and one that waits after a message of
 * its key that another owner holds: it need not be renewed until its own handler begins. It cannot see whether the store did what it said.
 */
final class RenewalCheck implements Check {
    /** By process and owner. */
    private final Map<String, Map<Long, Held>> held = new HashMap<>();
    /** By process and key: when a claim was last answered BUSY. */
    private final Map<String, Map<String, Long>> busy = new HashMap<>();

    private final Frame frame;
    private final Anomalies anomalies;
    private final Dues dues;

    RenewalCheck(Frame frame, Anomalies anomalies, Dues dues) {
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
            case STORE_ASKED -> asked(event);
            case STORE_ANSWERED -> answered(event, message);
            case HANDLER_STARTED ->
                of(event.process()).values().stream()
                        .filter(each -> each.message == message)
                        .forEach(each -> begins(each, event.nanos()));
            default -> {}
        }
    }

    private Map<Long, Held> of(String process) {
        return held.computeIfAbsent(process, name -> new HashMap<>());
    }

    private void asked(Event event) {
        Held claim = of(event.process()).get(event.owner());
        if (claim == null) {
            return;
        }
        claim.met();
        switch (event.text()) {
            case "RENEW", "START", "DEAD_LETTERING" -> expect(claim, event.nanos());
            default -> of(event.process()).remove(event.owner());
        }
    }

    private void answered(Event event, Message message) {
        String text = event.text();
        if (text.endsWith(" STOLEN")) {
            Held claim = of(event.process()).remove(event.owner());
            if (claim != null) {
                claim.met();
            }
        } else if (text.equals("CLAIM BUSY")) {
            busy.computeIfAbsent(event.process(), name -> new HashMap<>()).put(message.key, event.nanos());
        } else if (text.startsWith("CLAIM ")) {
            Grant grant = message.grant(event.process(), event.owner());
            if (grant != null && grant.answeredAt == event.nanos()) {
                Held claim = new Held(event.process(), message, grant);
                of(event.process()).put(event.owner(), claim);
                expect(claim, grant.askedAt);
            }
        }
    }

    private void begins(Held claim, long now) {
        claim.startedAt = now;
        if (claim.due == null) {
            expect(claim, now);
        }
    }

    private void expect(Held claim, long from) {
        claim.due = dues.expect(claim.process, from, frame.setting("lease") / 2, due -> missed(claim, due));
    }

    private void missed(Held claim, Dues.Due due) {
        claim.due = null;
        boolean running = claim.startedAt >= claim.grant.askedAt;
        if (running && frame.passed("handlerTimeout", claim.startedAt, due.at())
                || frame.leftBy(claim.message, claim.grant, due.at())) {
            of(claim.process).values().remove(claim);
        } else if (running || !behindBusy(claim, due)) {
            String text = "was not asked to be renewed " + due + (running ? " while its handler ran" : "");
            anomalies.add(Rule.RENEWAL, claim.message, claim.process, due.at(), text);
        }
    }

    private boolean behindBusy(Held claim, Dues.Due due) {
        Long at = busy.getOrDefault(claim.process, Map.of()).get(claim.message.key);
        return at != null && at >= due.from - frame.setting("lease");
    }

    private static final class Held {
        final String process;
        final Message message;
        final Grant grant;
        long startedAt = Long.MIN_VALUE;

        Dues.@Nullable Due due;

        Held(String process, Message message, Grant grant) {
            this.process = process;
            this.message = message;
            this.grant = grant;
        }

        void met() {
            if (due != null) {
                due.met();
            }
        }
    }
}
