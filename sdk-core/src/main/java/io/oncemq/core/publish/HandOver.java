package io.oncemq.core.publish;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.oncemq.spi.OutboundFrame;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Walks over the open messages in their order and hands each queued one to the current session. A message that comes back to be sent again keeps
 * its place: its part of the destination rests, and the walk begins again when the rest is over. Sender thread only.
 */
final class HandOver {
    private static final long TURN_NANOS = MILLISECONDS.toNanos(10);
    /** Room comes with each answer of the broker, so it is looked for again soon. */
    private static final long ROOM_NANOS = MILLISECONDS.toNanos(2);

    private final OpenEntries open;
    private final KeyTurns turns;
    private final ShardCounts counts;
    private final Holds holds;
    private final OnTheWay onTheWay;
    private final Baton baton;
    private final LongSupplier ticker;
    private long cursor;
    private boolean flushWanted;

    HandOver(
            OpenEntries open, KeyTurns turns, ShardCounts counts, BackOffs backOffs, Baton baton, LongSupplier ticker) {
        this.open = open;
        this.turns = turns;
        this.counts = counts;
        this.holds = new Holds(backOffs);
        this.onTheWay = new OnTheWay(open);
        this.baton = baton;
        this.ticker = ticker;
    }

    /** Every queued message is looked at again, from the oldest on. */
    void restart() {
        cursor = open.begin();
    }

    /** Looks again at what has rested long enough. */
    void endRests(long now) {
        if (holds.any() && holds.end(now)) {
            restart();
        }
    }

    /** For how long nothing here needs the sender, at most {@code nanos}. */
    long idleFor(long nanos) {
        return holds.any() ? holds.left(ticker.getAsLong(), nanos) : nanos;
    }

    /** The session is flushed when the walk is at its end. */
    void flush() {
        flushWanted = true;
    }

    /** Drops settled messages. */
    void tidy() {
        open.trim();
        if (open.isLong()) {
            open.compact();
            restart();
        }
        cursor = Math.max(cursor, open.begin());
    }

    boolean hasMore(Generation session) {
        return session.isWritable() && (cursor < open.end() || turns.hasReady());
    }

    /** @param mayGoOn false once another thread has asked for something */
    void run(Generation session, BooleanSupplier mayGoOn) {
        long began = ticker.getAsLong();
        int count = 0;
        while (hasMore(session) && mayGoOn.getAsBoolean()) {
            Entry entry = turns.hasReady() ? turns.takeReady() : open.get(cursor++);
            OutboundFrame frame = entry.openFrame();
            if (frame != null
                    && entry.isQueued()
                    && !(holds.any() && holds.isHeld(part(frame)))
                    && !counts.holds(frame)
                    && turns.mayGo(frame, entry)
                    && entry.handOver()) {
                onTheWay.sent(frame.destination());
                if (!send(session, frame, entry)) {
                    return;
                }
                // Many sends must not hold deadlines up.
                if ((++count & 31) == 0 && ticker.getAsLong() - began > TURN_NANOS) {
                    return;
                }
            }
        }
        if (flushWanted && !hasMore(session)) {
            flushWanted = false;
            session.session().flush();
        }
    }

    /** @return whether no other thread has decided meanwhile */
    private boolean send(Generation session, OutboundFrame frame, Entry entry) {
        boolean alone;
        baton.layDown(frame.destination());
        try {
            session.session().send(frame, entry);
        } finally {
            alone = baton.pickUp();
        }
        return alone;
    }

    /** A message has come back for a passing reason: its part of the destination rests for a back-off. */
    void backOff(OutboundFrame frame) {
        holds.hold(part(frame), ticker.getAsLong());
    }

    /** A message has come back because the session has no room for it at the moment. */
    void waitForRoom(OutboundFrame frame) {
        holds.rest(part(frame), ticker.getAsLong(), ROOM_NANOS);
    }

    /** Whether a later message of its key is handed over, where several of a key may be. */
    boolean isOvertaken(OutboundFrame frame, Entry entry) {
        Slot slot = Slot.of(frame);
        return slot != null && !turns.areNeeded() && onTheWay.isBehind(entry, slot);
    }

    private Holds.Part part(OutboundFrame frame) {
        String destination = frame.destination();
        return turns.areNeeded() ? Holds.Part.of(frame, counts.kept(destination)) : Holds.Part.whole(destination);
    }
}
