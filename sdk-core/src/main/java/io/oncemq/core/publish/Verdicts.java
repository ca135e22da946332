package io.oncemq.core.publish;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.OutboundFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which outcome is true of a message. Rejected means certainly not stored, whatever happened before: what a session may have
 * stored, or what is held as unknown from an earlier publish, ends unknown instead. An unknown message freezes its key
 * before its future ends, and those behind it in its key end with it. Sender thread only.
 */
final class Verdicts {
    private static final String BEHIND_UNKNOWN = "an earlier message of its key has an unknown outcome";

    private final OpenEntries open;
    private final KeyTurns turns;
    private final Freezes freezes;
    private final ShardCounts counts;
    private final Outcomes outcomes;
    private final Supplier<@Nullable Throwable> trouble;
    private long earliestDeadline;

    Verdicts(
            OpenEntries open,
            KeyTurns turns,
            Freezes freezes,
            ShardCounts counts,
            Outcomes outcomes,
            Supplier<@Nullable Throwable> trouble) {
        this.open = open;
        this.turns = turns;
        this.freezes = freezes;
        this.counts = counts;
        this.outcomes = outcomes;
        this.trouble = trouble;
    }

    /** Takes note of a message that is about to be the last of the open ones. */
    void watch(Entry entry) {
        if (open.isEmpty() || entry.deadline - earliestDeadline < 0) {
            earliestDeadline = entry.deadline;
        }
    }

    /** Ends what has expired. @return how many of them a session had taken */
    int expire(long now) {
        if (open.isEmpty() || now - earliestDeadline < 0) {
            return 0;
        }
        long next = Long.MAX_VALUE / 2;
        int unanswered = 0;
        Map<Slot, Long> frozen = new HashMap<>();
        for (long place = open.begin(); place < open.end(); place++) {
            Entry entry = open.get(place);
            OutboundFrame frame = entry.openFrame();
            if (frame == null) {
                continue;
            }
            long left = entry.deadline - now;
            if (left > 0) {
                next = Math.min(next, left);
            } else if (!entry.mayBeStored()) {
                String held = counts.reason(frame);
                String detail = held == null ? "it was not handed over by the deadline" : held;
                reject(entry, frame, Reason.NOT_ATTEMPTED, detail, trouble.get());
            } else if (unknown(entry, frame, "no answer came by the deadline", trouble.get())) {
                unanswered++;
                if (frame.key() != null) {
                    frozen.putIfAbsent(new Slot(frame.destination(), frame.key()), entry.sequence);
                }
            }
        }
        earliestDeadline = now + next;
        settleBehind(frozen);
        return unanswered;
    }

    void confirmed(Entry entry, Position position) {
        OutboundFrame frame = entry.openFrame();
        if (frame == null || !entry.finish()) {
            return;
        }
        if (frame.key() != null && freezes.any()) {
            freezes.resolved(frame.destination(), frame.key(), frame.id());
        }
        leave(entry, frame);
        outcomes.confirm(entry, position);
    }

    void refused(Entry entry, Reason reason, Throwable cause) {
        OutboundFrame frame = entry.openFrame();
        if (frame == null) {
            return;
        }
        if (!entry.perhapsStored) {
            reject(entry, frame, reason, "the broker or its client said no: " + cause.getMessage(), cause);
        } else if (unknown(entry, frame, "refused as " + reason + ", but an earlier session may have stored it", cause)
                && frame.key() != null) {
            settleBehind(Map.of(new Slot(frame.destination(), frame.key()), entry.sequence));
        }
    }

    void frozen(Entry entry, OutboundFrame frame) {
        reject(entry, frame, Reason.KEY_FROZEN, BEHIND_UNKNOWN, null);
    }

    /** Ends a message that is open when everything ends. */
    void end(Entry entry, @Nullable Throwable cause) {
        OutboundFrame frame = entry.openFrame();
        if (frame == null) {
            return;
        }
        if (entry.mayBeStored()) {
            unknown(entry, frame, "the client closed before an answer came", cause);
        } else {
            reject(entry, frame, Reason.NOT_ATTEMPTED, "the client closed before it was handed over", cause);
        }
    }

    /** @param frozen keys, with the sequence of the message behind which everything ends */
    private void settleBehind(Map<Slot, Long> frozen) {
        for (long place = open.begin(); place < open.end() && !frozen.isEmpty(); place++) {
            Entry entry = open.get(place);
            OutboundFrame frame = entry.openFrame();
            if (frame == null || frame.key() == null) {
                continue;
            }
            Long from = frozen.get(new Slot(frame.destination(), frame.key()));
            if (from == null || entry.sequence < from) {
                continue;
            }
            if (entry.mayBeStored()) {
                unknown(entry, frame, BEHIND_UNKNOWN, null);
            } else {
                frozen(entry, frame);
            }
        }
    }

    private boolean unknown(Entry entry, OutboundFrame frame, String detail, @Nullable Throwable cause) {
        if (!entry.finish()) {
            return false;
        }
        if (frame.key() != null) {
            freezes.hold(frame.destination(), frame.key(), frame.id(), entry.sequence);
        }
        leave(entry, frame);
        outcomes.unknown(entry, detail, cause);
        return true;
    }

    private void reject(Entry entry, OutboundFrame frame, Reason reason, String detail, @Nullable Throwable cause) {
        if (!entry.finish()) {
            return;
        }
        leave(entry, frame);
        if (freezes.any() && freezes.holds(frame)) {
            outcomes.unknown(entry, "it is so since an earlier publish; this one was not taken: " + detail, cause);
        } else {
            outcomes.reject(entry, reason, detail, cause);
        }
    }

    private void leave(Entry entry, OutboundFrame frame) {
        if (entry.republish && frame.key() != null) {
            freezes.stillUnresolved(frame.destination(), frame.key());
        }
        turns.leave(frame, entry);
    }
}
