package io.oncemq.torture.check;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds repeated effects, and why: by what the processes were told and what was done to them, whatever the library says of itself.
 *
 * <p>Two effects that follow each other are compared by the claims under which they happened. Of these one is older.
 * <ul>
 * <li>{@link Explanation#CRASH_WINDOW}: the older one's process was dead when the newer claim was granted, had not been told that its DONE is
 *     stored, and a whole lease had passed. Had it been told, the crash explains nothing.
 * <li>{@link Explanation#ZOMBIE}: it lives, but a whole lease had passed since its claim was last prolonged, and the history shows why it was
 *     not: it stood still, lost shards, overran the handler's time, or was kept from the store.
 * <li>{@link Explanation#TTL}, {@link Explanation#STORE_LOSS}: DONE had been stored before the newer claim, and was forgotten: the time to remember had
 *     passed, or the store lost data in between. Or the older claim was, whose lease still ran: only by a failover, which nobody can see who
 *     asks the new master; of other losses the library knows, and waits for a whole lease.
 * <li>{@link Explanation#HANDLER_FAILED}: the handler failed behind its first effect.
 * </ul>
 *
 * <p>Everything else is unexplained: two effects under one claim, a claim granted while a lease ran, a lease that was not renewed for no
 * reason. It cannot tell a lease that lapsed because of a fault from one that would have lapsed anyway during that fault.
 */
final class DuplicateCheck {
    private final Map<Explanation, Long> explained = new EnumMap<>(Explanation.class);
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
                String text = "was handled by " + before.process() + " and again by " + again.process();
                anomalies.add(Rule.DUPLICATE, message, again.process(), again.nanos(), text);
            }
        }
    }

    private @Nullable Explanation explain(Message message, Effect before, Effect again) {
        if (message.failedIn(before.process(), before.nanos(), again.nanos())) {
            return Explanation.HANDLER_FAILED;
        }
        Grant one = message.grantOf(before);
        Grant two = message.grantOf(again);
        if (one == null || two == null || one == two) {
            return null;
        }
        Grant older = one.askedAt <= two.askedAt ? one : two;
        Grant newer = older == one ? two : one;
        Grant done = doneBefore(message, newer);
        if (done != null) {
            return forgotten(done, newer);
        }
        if (!frame.passed("lease", older.extendedAt, newer.answeredAt)) {
            return frame.failedOver(older.extendedAt, newer.answeredAt) ? Explanation.STORE_LOSS : null;
        }
        Incarnation owner = frame.incarnation(older.process);
        if (owner.crashed() && owner.deadBy(newer.answeredAt)) {
            return Explanation.CRASH_WINDOW;
        }
        return frame.leaseMayLapse(older.process, older.extendedAt, newer.answeredAt) ? Explanation.ZOMBIE : null;
    }

    /** The latest grant whose DONE was known to be stored before another was asked for. */
    private static @Nullable Grant doneBefore(Message message, Grant newer) {
        Grant latest = null;
        for (Grant grant : message.grants) {
            if (grant.doneAt < newer.askedAt && (latest == null || grant.doneAskedAt > latest.doneAskedAt)) {
                latest = grant;
            }
        }
        return latest;
    }

    private @Nullable Explanation forgotten(Grant done, Grant newer) {
        if (frame.dataLost(done.doneAskedAt, newer.answeredAt)) {
            return Explanation.STORE_LOSS;
        }
        return frame.passed("rememberFor", done.doneAskedAt, newer.answeredAt) ? Explanation.TTL : null;
    }
}
