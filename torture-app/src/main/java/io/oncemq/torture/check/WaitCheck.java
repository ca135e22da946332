package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds messages that are the first of their key in a process and with which nothing is done for three leases: no handler begins, no dead letter is
 * marked, and the store does not say that another owner has it.
 *
 * <p>The time begins anew when a handler has failed, for the wait before the next attempt is shorter than that, and when the store says that another
 * owner holds it. It does not pass while the process runs as many handlers as it may, or one of the same key that a shard which has left brought.
 * How long a message lies on the broker is judged by {@link FateCheck}.
 */
final class WaitCheck implements Check {
    private static final int LEASES = 3;

    private final Map<Lines.Entry, Dues.Due> due = new HashMap<>();
    /** By process: the messages that have a place among the handlers. */
    private final Map<String, Set<Message>> working = new HashMap<>();
    /** By process: until when all places were taken. */
    private final Map<String, Long> fullUntil = new HashMap<>();

    private final Lines lines;
    private final Frame frame;
    private final Anomalies anomalies;
    private final Dues dues;

    WaitCheck(Lines lines, Frame frame, Anomalies anomalies, Dues dues) {
        this.lines = lines;
        this.frame = frame;
        this.anomalies = anomalies;
        this.dues = dues;
        lines.listen((entry, now) -> expect(entry, now));
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (message == null) {
            return;
        }
        switch (event.kind()) {
            case HANDLER_STARTED -> {
                met(event, message);
                takes(event, message);
            }
            case HANDLER_ENDED -> {
                if (event.text().equals("FAILED")) {
                    gives(event, message);
                    again(event, message);
                }
            }
            case STORE_ASKED -> {
                if (event.text().equals("DEAD_LETTERING")) {
                    met(event, message);
                }
            }
            case DEAD_LETTER_SENT -> met(event, message);
            case STORE_ANSWERED -> {
                if (event.text().equals("CLAIM BUSY")) {
                    again(event, message);
                } else if (event.text().startsWith("COMPLETE ")) {
                    gives(event, message);
                }
            }
            default -> {}
        }
    }

    private void takes(Event event, Message message) {
        Set<Message> there = working.computeIfAbsent(event.process(), name -> new HashSet<>());
        there.add(message);
        if (there.size() >= frame.setting("concurrency")) {
            fullUntil.put(event.process(), Long.MAX_VALUE);
        }
    }

    private void gives(Event event, Message message) {
        Set<Message> there = working.getOrDefault(event.process(), Set.of());
        if (there.contains(message) && there.remove(message) && there.size() == frame.setting("concurrency") - 1) {
            fullUntil.put(event.process(), event.nanos());
        }
    }

    private void met(Event event, Message message) {
        Lines.Entry entry = lines.find(event.process(), message);
        Dues.Due open = entry == null ? null : due.remove(entry);
        if (open != null) {
            open.met();
        }
    }

    private void again(Event event, Message message) {
        met(event, message);
        Lines.Entry entry = lines.find(event.process(), message);
        if (entry != null && entry == lines.head(event.process(), message.key)) {
            expect(entry, event.nanos());
        }
    }

    private void expect(Lines.Entry entry, long from) {
        due.put(
                entry,
                dues.expect(entry.process, from, LEASES * frame.setting("lease"), missed -> missed(entry, missed)));
    }

    private void missed(Lines.Entry entry, Dues.Due missed) {
        due.remove(entry);
        if (entry.left) {
            return;
        }
        long full = fullUntil.getOrDefault(entry.process, Long.MIN_VALUE);
        if (full > missed.from || isKeyBusy(entry)) {
            expect(entry, full == Long.MAX_VALUE || isKeyBusy(entry) ? missed.at() : Math.max(full, missed.from + 1));
            return;
        }
        String text = "is the first of its key and was not begun " + missed;
        anomalies.add(Rule.WAITING, entry.message, entry.process, missed.at(), text);
    }

    private boolean isKeyBusy(Lines.Entry entry) {
        return working.getOrDefault(entry.process, Set.of()).stream()
                .anyMatch(each -> each.key.equals(entry.message.key));
    }
}
