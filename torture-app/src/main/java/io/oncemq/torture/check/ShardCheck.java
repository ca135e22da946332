package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a shard that is given to a process while another one holds it, where the broker gives it to one at a time.
 *
 * <p>A broker may give a shard away before the one that loses it can know. So two holders are judged when one of them leaves. The first one
 * must not have begun to leave in order before the other one came, and be done with it within a lease: then the second did not wait for it.
 * A fault of the broker, or between it and the first holder, since a lease before explains this. Nothing that the group does by itself,
 * such as a rebalance, explains it. And no holder may share the shard for longer than half the time to recover in all, not counting the
 * time in which one of the two could not learn of it: a fault of the broker or of its way to it while its source was silent, a standstill,
 * or a deletion of the destination. It cannot see a shard that is given to two processes for a moment, one of which then loses it or is
 * told late; claims protect what happens in between.
 */
final class ShardCheck implements Check {
    private final Map<String, List<Holder>> holders = new HashMap<>();
    private final Frame frame;
    private final Anomalies anomalies;

    ShardCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        if (frame.setting("exclusiveShards") == 0) {
            return;
        }
        long now = event.nanos();
        switch (event.kind()) {
            case ASSIGNED -> assigned(event);
            case REVOKING -> of(event).stream().filter(each -> each.is(event)).forEach(each -> each.revokingAt = now);
            case REVOKED, LOST -> left(event);
            case QUIESCENT, GAVE_UP ->
                holders.values()
                        .forEach(all -> List.copyOf(all).stream()
                                .filter(each -> !frame.incarnation(each.process).deadBy(now))
                                .forEach(each -> {
                                    all.remove(each);
                                    sharedBy(each, all, now);
                                }));
            default -> {}
        }
    }

    private List<Holder> of(Event event) {
        return holders.computeIfAbsent(event.shard(), name -> new ArrayList<>(1));
    }

    private void assigned(Event event) {
        List<Holder> all = of(event);
        all.removeIf(each -> frame.incarnation(each.process).deadBy(event.nanos()));
        for (Holder each : List.copyOf(all)) {
            if (each.process.equals(event.process())) {
                all.remove(each);
                sharedBy(each, all, event.nanos());
            }
        }
        for (Holder each : all) {
            if (each.overtakenBy.isEmpty()) {
                each.overtakenBy = event.process();
                each.overtakenAt = event.nanos();
            }
        }
        all.add(new Holder(event));
    }

    private void left(Event event) {
        List<Holder> all = of(event);
        for (Holder each : List.copyOf(all)) {
            if (each.is(event)) {
                all.remove(each);
                if (event.kind() == Kind.REVOKED && inOrder(each, event.nanos())) {
                    found(each, each.overtakenBy, event.nanos() - each.overtakenAt);
                } else {
                    sharedBy(each, all, event.nanos());
                }
            }
        }
        for (Holder each : all) {
            if (each.overtakenBy.equals(event.process())) {
                each.overtakenBy = "";
            }
        }
    }

    /** Whether it was asked to leave, and left before a broker's patience could be over, and all the same the other one was there first. */
    private boolean inOrder(Holder holder, long now) {
        long since = holder.revokingAt - frame.setting("lease");
        return !holder.overtakenBy.isEmpty()
                && holder.revokingAt < holder.overtakenAt
                && now - holder.revokingAt < frame.setting("lease")
                && !frame.incarnation(holder.process).stoodStill(since, now)
                && !frame.keptFromBroker(holder.process, since, now)
                && !frame.recreatedBefore(now);
    }

    /** One that leaves has shared the shard with others. */
    private void sharedBy(Holder holder, List<Holder> others, long now) {
        for (Holder other : others) {
            if (!frame.incarnation(other.process).deadBy(now)) {
                shared(holder, other, now);
            }
        }
    }

    private void shared(Holder holder, Holder other, long now) {
        SpanSet couldNotKnow = frame.recreated()
                .addAll(frame.couldNotBeTold(holder.process))
                .addAll(frame.couldNotBeTold(other.process));
        long time = couldNotKnow.outside(Math.max(holder.assignedAt, other.assignedAt), now);
        holder.shared += time;
        other.shared += time;
        long most = Math.max(holder.shared, other.shared);
        if (most > frame.setting("recovery") / 2) {
            boolean holderCameFirst = holder.assignedAt < other.assignedAt;
            found(holderCameFirst ? holder : other, (holderCameFirst ? other : holder).process, most);
            holder.shared = 0;
            other.shared = 0;
        }
    }

    private void found(Holder holder, String by, long time) {
        String text = "shard " + holder.shard + " is assigned while " + holder.process + " holds it, for "
                + time / 1_000_000 + " ms";
        anomalies.add(Rule.DUAL_OWNER, "", by, holder.assignedAt, text);
    }

    private static final class Holder {
        final String process;
        final String shard;
        final long epoch;
        final long assignedAt;
        long revokingAt = Long.MAX_VALUE;
        /** Who has the shard, too, and since when. */
        String overtakenBy = "";

        long overtakenAt;
        /** For how long it has shared the shard though it could know. */
        long shared;

        Holder(Event assigned) {
            this.process = assigned.process();
            this.shard = assigned.shard();
            this.epoch = assigned.epoch();
            this.assignedAt = assigned.nanos();
        }

        boolean is(Event event) {
            return process.equals(event.process()) && epoch == event.epoch();
        }
    }
}
