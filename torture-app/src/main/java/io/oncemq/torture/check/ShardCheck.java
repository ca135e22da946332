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
 * <p>A broker may give a shard away before the one that loses it can know. So two holders are judged when the first one leaves. It must not have
 * begun to leave in order before the other one came, and be done with it soon: then nobody has waited for it. And it must not hold the shard for
 * longer than the time to recover. Explained if it may be dead, had stood still, or something disturbed the broker or its way to it; what takes
 * longer than a lease may outlast the broker's patience, and so may a silence of the source before it. It cannot see a shard that is given to
 * two for a moment, one of which then loses it or is told late; claims protect what happens in between.
 */
final class ShardCheck implements Check {
    private final Map<String, List<Holder>> holders = new HashMap<>();
    /** By process: when its source last said something of a shard. */
    private final Map<String, Long> said = new HashMap<>();

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
        switch (event.kind()) {
            case ASSIGNED -> assigned(event);
            case REVOKING -> revoking(event);
            case REVOKED, LOST -> left(event);
            case QUIESCENT, GAVE_UP -> holders.values().forEach(all -> all.forEach(each -> remains(each, event)));
            default -> {}
        }
        switch (event.kind()) {
            case ASSIGNED, RECEIVED, REVOKING, REVOKED, LOST -> said.put(event.process(), event.nanos());
            default -> {}
        }
    }

    private List<Holder> of(Event event) {
        return holders.computeIfAbsent(event.shard(), name -> new ArrayList<>(1));
    }

    private void assigned(Event event) {
        List<Holder> all = of(event);
        all.removeIf(each -> each.process.equals(event.process())
                || frame.incarnation(each.process).deadBy(event.nanos()));
        for (Holder each : all) {
            if (each.overtakenBy.isEmpty()) {
                each.overtakenBy = event.process();
                each.overtakenAt = event.nanos();
            }
        }
        all.add(new Holder(event));
    }

    private void revoking(Event event) {
        long since = event.nanos() - said.getOrDefault(event.process(), Long.MIN_VALUE / 2);
        for (Holder each : of(event)) {
            if (each.is(event)) {
                each.revokingAt = event.nanos();
                each.wasSilent = since > frame.setting("lease") / 2;
            }
        }
    }

    private void left(Event event) {
        List<Holder> all = of(event);
        for (Holder each : all) {
            if (each.is(event)) {
                if (event.kind() == Kind.REVOKED && inOrder(each, event.nanos()) || tooLong(each, event.nanos())) {
                    found(each, event.nanos());
                }
            } else if (each.overtakenBy.equals(event.process())) {
                if (tooLong(each, event.nanos())) {
                    found(each, event.nanos());
                }
                each.overtakenBy = "";
            }
        }
        all.removeIf(each -> each.is(event));
    }

    /** Whether it was asked to leave, and left before a broker's patience could be over, and all the same the other one was there first. */
    private boolean inOrder(Holder holder, long now) {
        return !holder.overtakenBy.isEmpty()
                && holder.revokingAt < holder.overtakenAt
                && !holder.wasSilent
                && now - holder.revokingAt < frame.setting("lease")
                && !frame.shardMayMove(holder.process, holder.overtakenAt, now);
    }

    private boolean tooLong(Holder holder, long now) {
        return !holder.overtakenBy.isEmpty()
                && now - holder.overtakenAt > frame.setting("recovery")
                && now - holder.revokingAt < frame.setting("lease")
                && !frame.shardMayMove(holder.process, holder.overtakenAt, now);
    }

    private void remains(Holder holder, Event event) {
        long now = event.nanos();
        long recovery = frame.setting("recovery");
        if (!holder.overtakenBy.isEmpty()
                && now - holder.overtakenAt > recovery
                && !frame.incarnation(holder.process).deadBy(now)
                && !frame.shardMayMove(holder.process, now - recovery, now)) {
            found(holder, now);
            holder.overtakenBy = "";
        }
    }

    private void found(Holder holder, long now) {
        String text = "shard " + holder.shard + " is assigned while " + holder.process + " holds it, for "
                + (now - holder.overtakenAt) / 1_000_000 + " ms";
        anomalies.add(Rule.DUAL_OWNER, "", holder.overtakenBy, holder.overtakenAt, text);
    }

    private static final class Holder {
        final String process;
        final String shard;
        final long epoch;
        long revokingAt = Long.MAX_VALUE;
        boolean wasSilent;
        /** Who has the shard, too, and since when. */
        String overtakenBy = "";

        long overtakenAt;

        Holder(Event assigned) {
            this.process = assigned.process();
            this.shard = assigned.shard();
            this.epoch = assigned.epoch();
        }

        boolean is(Event event) {
            return process.equals(event.process()) && epoch == event.epoch();
        }
    }
}
