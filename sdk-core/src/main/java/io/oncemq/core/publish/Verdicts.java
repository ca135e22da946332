package io.oncemq.core.publish;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.Leftover.Fate;
import io.oncemq.spi.OutboundFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which outcome is true of a message. Rejected means certainly not stored, whatever happened before: what a session may have
 * stored, or what is held as unknown from an earlier publish, ends unknown instead. An unknown message freezes its key
 * before its future ends, and those behind it in its key end with it. Sender thread only.
 */
final class Verdicts {
    private static final String NO_ANSWER =
            "no answer came by the deadline. Hand its future to Publisher.republish, or abandon its id";
    private static final String NOT_HANDED_OVER = "it was not handed over by the deadline";
    private static final String BEHIND_UNKNOWN = "an earlier message of its key has an unknown outcome."
            + " Hand the futures of both to Publisher.republish, or abandon the earlier id";

    private final OpenEntries open;
    private final KeyTurns turns;
    private final Freezes freezes;
    private final ShardCounts counts;
    private final Outcomes outcomes;
    private final Supplier<@Nullable Throwable> trouble;
    private final BiFunction<OutboundFrame, Entry, Leftover> session;
    private final String broker;
    private long earliestDeadline;

    /**
     * @param session what the session that took a message says of it, see {@link io.oncemq.spi.PublishSession#abandon}
     * @param broker where it is, for the end of a text
     */
    Verdicts(
            OpenEntries open,
            KeyTurns turns,
            Freezes freezes,
            ShardCounts counts,
            Outcomes outcomes,
            Supplier<@Nullable Throwable> trouble,
            BiFunction<OutboundFrame, Entry, Leftover> session,
            String broker) {
        this.open = open;
        this.turns = turns;
        this.freezes = freezes;
        this.counts = counts;
        this.outcomes = outcomes;
        this.trouble = trouble;
        this.session = session;
        this.broker = broker;
    }

    /** Takes note of a message that is about to be the last of the open ones. */
    void watch(Entry entry) {
        if (open.isEmpty() || entry.deadline - earliestDeadline < 0) {
            earliestDeadline = entry.deadline;
        }
    }

    /** Ends what has expired. @return how many of them speak for another session */
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
            } else if (expire(entry, frame, frozen)) {
                unanswered++;
            }
        }
        earliestDeadline = now + next;
        settleBehind(frozen);
        return unanswered;
    }

    /** @return whether the session that took it is of no use any more */
    private boolean expire(Entry entry, OutboundFrame frame, Map<Slot, Long> frozen) {
        Leftover left = takeBack(entry, frame);
        Throwable cause = left.cause() == null ? trouble.get() : left.cause();
        boolean handedOver = entry.wasHandedOver();
        boolean over = handedOver ? unknown(entry, frame, NO_ANSWER + broker, cause) : untaken(entry, frame, cause);
        Slot slot = Slot.of(frame);
        if (over && slot != null) {
            frozen.putIfAbsent(slot, entry.sequence);
        }
        return over && handedOver && left.fate() == Fate.STUCK;
    }

    /** Takes a message back from the session if it has not handed it on. */
    private Leftover takeBack(Entry entry, OutboundFrame frame) {
        if (!entry.isHandedOver()) {
            return entry.wasHandedOver() ? Leftover.STUCK : Leftover.withdrawn(null);
        }
        Leftover left = session.apply(frame, entry);
        if (left.fate() == Fate.WITHDRAWN) {
            entry.takeBack();
        }
        return left;
    }

    /** Ends a message that no session took. @return whether none behind it in its key may go on */
    private boolean untaken(Entry entry, OutboundFrame frame, @Nullable Throwable cause) {
        String held = counts.reason(frame);
        reject(entry, frame, Reason.NOT_ATTEMPTED, held == null ? NOT_HANDED_OVER + broker : held, cause);
        return entry.unknownBefore || entry.recovery != null;
    }

    void confirmed(Entry entry, Position position) {
        OutboundFrame frame = entry.openFrame();
        if (frame == null || !entry.finish()) {
            return;
        }
        if (freezes.anyUnknown()) {
            freezes.resolved(frame);
        }
        leave(entry, frame);
        outcomes.confirm(entry, position);
    }

    void refused(Entry entry, Reason reason, Throwable cause) {
        OutboundFrame frame = entry.openFrame();
        if (frame == null) {
            return;
        }
        if (!entry.perhapsStored && !entry.unknownBefore) {
            reject(entry, frame, reason, "the broker or its client refused it: " + cause.getMessage(), cause);
            return;
        }
        Slot slot = Slot.of(frame);
        if (unknown(entry, frame, "refused as " + reason + ", but it may have been stored before", cause)
                && slot != null) {
            settleBehind(Map.of(slot, entry.sequence));
        }
    }

    void frozen(Entry entry, OutboundFrame frame) {
        reject(entry, frame, Reason.KEY_FROZEN, BEHIND_UNKNOWN, null);
    }

    /** The client has as many blocked keys as it can keep. */
    void full(Entry entry, OutboundFrame frame) {
        String detail =
                Freezes.MOST_KEYS + " keys are blocked by messages with an unknown outcome, and no more can be kept."
                        + " Hand them to Publisher.republish, or abandon them";
        reject(entry, frame, Reason.NOT_ATTEMPTED, detail, null);
    }

    /** Ends a message that is open when everything ends. */
    void end(Entry entry, @Nullable Throwable cause) {
        OutboundFrame frame = entry.openFrame();
        if (frame == null) {
            return;
        }
        if (entry.mayBeStored()) {
            unknown(entry, frame, "the client was closed before an answer came", cause);
        } else {
            reject(
                    entry,
                    frame,
                    Reason.NOT_ATTEMPTED,
                    "the client was closed before the message was handed over",
                    cause);
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
            Long from = frozen.get(Slot.of(frame));
            if (from == null || entry.sequence < from) {
                continue;
            }
            takeBack(entry, frame);
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
        freezes.hold(frame, entry.order);
        breakOff(entry, frame);
        leave(entry, frame);
        outcomes.unknown(entry, detail, cause);
        return true;
    }

    private void reject(Entry entry, OutboundFrame frame, Reason reason, String detail, @Nullable Throwable cause) {
        if (!entry.finish()) {
            return;
        }
        if (reason == Reason.NOT_ATTEMPTED || reason == Reason.KEY_FROZEN) {
            breakOff(entry, frame);
        }
        leave(entry, frame);
        if (entry.unknownBefore || freezes.anyUnknown() && freezes.holds(frame)) {
            freezes.hold(frame, entry.order);
            outcomes.unknown(
                    entry,
                    "an earlier publish of it has an unknown outcome, and this one was not taken: " + detail,
                    cause);
        } else {
            outcomes.reject(entry, reason, detail, cause);
        }
    }

    private static void breakOff(Entry entry, OutboundFrame frame) {
        Recovery recovery = entry.recovery;
        Slot slot = recovery == null ? null : Slot.of(frame);
        if (recovery != null && slot != null) {
            recovery.breakAt(slot);
        }
    }

    private void leave(Entry entry, OutboundFrame frame) {
        Slot slot = entry.republish ? Slot.of(frame) : null;
        if (slot != null) {
            freezes.stillUnresolved(slot, frame.id());
        }
        turns.leave(frame, entry);
    }
}
