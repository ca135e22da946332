package io.oncemq.core.publish;

import io.oncemq.core.publish.Freezes.Admission;
import io.oncemq.spi.OutboundFrame;
import org.jspecify.annotations.Nullable;

/** Takes submitted messages in: gives each its place in the order, and refuses those of blocked keys. Sender thread only. */
final class Acceptance {
    private final OpenEntries open;
    private final KeyTurns turns;
    private final Freezes freezes;
    private final Verdicts verdicts;
    private long sequence;

    Acceptance(OpenEntries open, KeyTurns turns, Freezes freezes, Verdicts verdicts) {
        this.open = open;
        this.turns = turns;
        this.freezes = freezes;
        this.verdicts = verdicts;
    }

    /** @param first of a linked list, or null. @return how many there were */
    int accept(@Nullable Entry first) {
        int count = 0;
        Entry entry = first;
        while (entry != null) {
            Entry following = entry.next;
            entry.next = null;
            place(entry);
            takeIn(entry);
            entry = following;
            count++;
        }
        return count;
    }

    /** Those that come too late to be sent; their outcome is decided with that of the others. */
    void last(@Nullable Entry first) {
        Entry entry = first;
        while (entry != null) {
            Entry following = entry.next;
            entry.next = null;
            place(entry);
            open.add(entry);
            entry = following;
        }
    }

    private void place(Entry entry) {
        sequence = Math.max(entry.sequence, sequence + 1);
        entry.sequence = sequence;
        if (entry.order == 0) {
            entry.order = sequence;
        }
    }

    private void takeIn(Entry entry) {
        OutboundFrame frame = entry.openFrame();
        if (frame == null) {
            return;
        }
        if ((freezes.anyUnknown() || entry.recovery != null) && !isAdmitted(entry, frame)) {
            return;
        }
        entry.tracked |= entry.unknownBefore;
        turns.enter(entry, frame);
        verdicts.watch(entry);
        open.add(entry);
    }

    private boolean isAdmitted(Entry entry, OutboundFrame frame) {
        Slot slot = Slot.of(frame);
        if (slot == null) {
            entry.unknownBefore |= freezes.holds(frame);
            return true;
        }
        Admission admission = freezes.admit(slot, entry, frame.id());
        if (entry.recovery != null) {
            freezes.passed(slot, entry.recovery);
        }
        switch (admission) {
            case FROZEN -> verdicts.frozen(entry, frame);
            case FULL -> verdicts.full(entry, frame);
            case REPUBLISH -> {
                entry.republish = true;
                entry.unknownBefore = true;
            }
            case FREE -> {}
        }
        return admission == Admission.FREE || admission == Admission.REPUBLISH;
    }
}
