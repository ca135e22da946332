package io.oncemq.core.consume;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the claimed messages whose handler may have had its effect while DONE is not stored: a slot is taken before the
 * handler and given back behind DONE, not when the handler returns. So a crash can repeat no more effects than the
 * concurrency, however slow the store is. Belongs to the event loop.
 */
final class Slots {
    private final Set<Work> waiting = new LinkedHashSet<>();
    private final int bound;
    private int taken;

    Slots(int bound) {
        this.bound = bound;
    }

    /** Takes a slot, or keeps the work until one is given back; whether it has one now. */
    boolean take(Work work) {
        if (work.hasSlot) {
            return true;
        }
        if (taken < bound) {
            taken++;
            work.hasSlot = true;
            return true;
        }
        if (!work.waitsForSlot) {
            work.waitsForSlot = true;
            waiting.add(work);
        }
        return false;
    }

    /** Gives its slot back, or the wait for one up. */
    void giveBack(Work work) {
        if (work.waitsForSlot) {
            work.waitsForSlot = false;
            waiting.remove(work);
        }
        if (work.hasSlot) {
            work.hasSlot = false;
            taken--;
        }
    }

    /** The next work that may try again, or null while no slot is free or nobody waits. */
    @Nullable
    Work next() {
        Iterator<Work> longest = waiting.iterator();
        while (taken < bound && longest.hasNext()) {
            Work work = longest.next();
            longest.remove();
            work.waitsForSlot = false;
            if (work.stage() == Stage.READY) {
                return work;
            }
        }
        return null;
    }
}
