package io.oncemq.torture.check;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds repeated effects, and why: by what the processes were told and what was done to them, whatever the library says of itself.
 *
 * <p>Two effects that follow each other are compared by the claims under which they happened. Of these one is older.
 * <ul>
 * <li>{@link Explanation#HANDLER_FAILED}: the very run that had the first effect failed behind it.
 * <li>{@link Explanation#CRASH_WINDOW}: the older one's process was dead when the newer claim was granted, had not been told that its DONE is
 *     stored, and a whole lease had passed. Had it been told, or closed in order, the crash explains nothing. One dead process explains as many
 *     messages as it may handle at once: what it was behind with, it must not have begun.
 * <li>{@link Explanation#ZOMBIE}: it lives, or closed in order, but a whole lease had passed since its claim was last prolonged, and the history
 *     shows why it was not, see {@link Frame#leaseMayLapse}.
 * <li>{@link Explanation#TTL}, {@link Explanation#STORE_LOSS}: DONE had been stored before the newer claim, as its owner or anybody else
 *     was told, and was forgotten: the time to remember had passed, the store lost data in between, or failed over soon. Or the older claim
 *     was, whose lease still ran: only by a failover, which a client of the new master cannot see; of other losses the library knows, and
 *     waits for a whole lease.
 * </ul>
 *
 * <p>Everything else is unexplained: two effects under one claim, a claim granted while a lease ran, a lease that was not renewed for no
 * reason. It cannot tell a lease that lapsed because of a fault from one that would have lapsed anyway during that fault.
 */
final class DuplicateCheck {
    private final Map<Explanation, Long> explained = new EnumMap<>(Explanation.class);
    /** By dead process: the messages whose repetition its death explains. */
    private final Map<String, Set<String>> leftOpen = new HashMap<>();

    private final Frame frame;
    private final Anomalies anomalies;

    DuplicateCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    Map<Explanation, Long> explained() {
        return explained;
    }

    void judge(Message message) {
        for (int i = 1; i < message.effects.size(); i++) {
            Effect before = message.effects.get(i - 1);
            Effect again = message.effects.get(i);
            Explanation why = explain(message, before, again);
            if (why != null) {
                explained.merge(why, 1L, Long::sum);
            } else {
                String text = "was handled by " + before.process + " and again by " + again.process;
                anomalies.add(Rule.DUPLICATE, message, again.process, again.nanos, text);
            }
        }
    }

    private @Nullable Explanation explain(Message message, Effect before, Effect again) {
        if (before.failedBy(again.nanos)) {
            return Explanation.HANDLER_FAILED;
        }
        Grant one = message.grantOf(before);
        Grant two = message.grantOf(again);
        if (one == null || two == null || one == two) {
            return null;
        }
        Grant older = one.askedAt <= two.askedAt ? one : two;
        Grant newer = older == one ? two : one;
        Span told = toldDone(message, newer.askedAt);
        if (told != null) {
            return forgotten(message, told, before, newer.answeredAt);
        }
        if (!frame.passed("lease", older.extendedAt, newer.answeredAt)) {
            boolean gone = frame.memory().mayHaveFailedOver(older.extendedAt, newer.answeredAt);
            return gone ? Explanation.STORE_LOSS : null;
        }
        Incarnation owner = frame.incarnation(older.process);
        if (owner.crashed() && owner.deadBy(newer.answeredAt)) {
            leftOpen(message, older, owner);
            return Explanation.CRASH_WINDOW;
        }
        return frame.leaseMayLapse(message, older, newer.answeredAt) ? Explanation.ZOMBIE : null;
    }

    /** The latest time at which somebody was told, before another time, that DONE is stored. */
    private static @Nullable Span toldDone(Message message, long by) {
        Span latest = null;
        for (Grant grant : message.grants) {
            latest = later(latest, grant.done, by);
        }
        for (Span told : message.toldDone) {
            latest = later(latest, told, by);
        }
        return latest;
    }

    private static @Nullable Span later(@Nullable Span latest, @Nullable Span told, long by) {
        if (told == null || told.to() >= by) {
            return latest;
        }
        return latest == null || told.from() > latest.from() ? told : latest;
    }

    private @Nullable Explanation forgotten(Message message, Span told, Effect before, long by) {
        if (frame.memory().mayForget(told, by, frame.setting("recovery"))) {
            return Explanation.STORE_LOSS;
        }
        // Being asked again prolongs no memory.
        long storedAt = before.nanos;
        for (Grant grant : message.grants) {
            if (grant.doneAskedAt <= told.to()) {
                storedAt = Math.max(storedAt, grant.done == null ? grant.doneAskedAt : grant.done.from());
            }
        }
        return frame.passed("rememberFor", storedAt, by) ? Explanation.TTL : null;
    }

    private void leftOpen(Message message, Grant older, Incarnation owner) {
        if (older.done != null) {
            return;
        }
        Set<String> all = leftOpen.computeIfAbsent(owner.name, name -> new HashSet<>());
        long bound = frame.setting("concurrency");
        if (all.add(message.id) && bound > 0 && all.size() == bound + 1) {
            String text =
                    "is repeated as one of more than " + bound + " that " + owner.name + " had begun when it died";
            anomalies.add(Rule.BOUND, message, owner.name, owner.deadFrom(), text);
        }
    }
}
