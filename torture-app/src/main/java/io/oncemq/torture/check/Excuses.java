package io.oncemq.torture.check;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * For how much of the time each rule excuses what it would else find. Of rules about processes: the share of the time in which consumer
 * processes lived; of rules about publishing: the share of the run; of the delivery: the share of the run for a shard, on average. An
 * excuse of a single message, such as a handler that runs too long, is not in it.
 */
final class Excuses {
    private final Frame frame;
    private final long from;
    private final long to;

    Excuses(Frame frame) {
        this.frame = frame;
        this.from = frame.first();
        Long ended = frame.endedAt();
        this.to = ended == null ? frame.last() : ended;
    }

    /** Rules that excuse nothing by time are not in it. */
    Map<Rule, Double> shares() {
        Map<Rule, Double> shares = new EnumMap<>(Rule.class);
        if (to <= from) {
            return shares;
        }
        double held = ofProcesses(Incarnation::heldUp);
        shares.put(Rule.RENEWAL, held);
        shares.put(Rule.COMPLETION, held);
        shares.put(Rule.WAITING, held);
        shares.put(
                Rule.DUPLICATE,
                ofProcesses(each -> new SpanSet().addAll(each.standstills()).addAll(each.store.waits())));
        SpanSet recreated = frame.recreated();
        shares.put(
                Rule.DUAL_OWNER,
                ofProcesses(each -> new SpanSet().addAll(recreated).addAll(frame.couldNotBeTold(each.name))));
        shares.put(Rule.REDELIVERED, acknowledgementsMayBeLost());
        shares.put(Rule.REFUSED, ofRun(frame.keptFromPublishing()));
        shares.put(Rule.DELIVERY, ofShards());
        shares.put(Rule.LOST, ofRun(frame.lostWithTheDestination()));
        shares.put(Rule.ENDED, ofRun(recreated));
        shares.put(Rule.HUNG_FUTURE, ofRun(frame.incarnation("driver").heldUp()));
        return shares;
    }

    /** The share of the run in which the machine was so busy that an outcome may come later. */
    double crowdedShare() {
        return to <= from ? 0 : ofRun(frame.crowded());
    }

    /**
     * As {@link RedeliveryCheck} says, where a shard left the process after it. What a lost shard or a crash alone explains is not in it: it
     * concerns few messages, whatever the time.
     */
    private double acknowledgementsMayBeLost() {
        double[] heldAndLost = new double[2];
        frame.shards().forEach(shard -> frame.tenures(shard).addAcknowledging(frame, heldAndLost));
        return heldAndLost[0] == 0 ? 0 : heldAndLost[1] / heldAndLost[0];
    }

    private double ofShards() {
        return frame.shards().stream()
                .mapToDouble(shard -> ofRun(frame.mayBeSilent(shard)))
                .average()
                .orElse(0);
    }

    private double ofRun(SpanSet spans) {
        return (double) spans.within(from, to) / (to - from);
    }

    private double ofProcesses(Function<Incarnation, SpanSet> excused) {
        List<Incarnation> all = frame.incarnations().values().stream()
                .filter(each -> each.worked)
                .toList();
        double lived = 0;
        double sum = 0;
        for (Incarnation each : all) {
            long begun = Math.max(from, each.startedAt);
            long ended = Math.min(to, each.deadFrom());
            lived += Math.max(0, ended - begun);
            sum += ended > begun ? excused.apply(each).within(begun, ended) : 0;
        }
        return lived == 0 ? 0 : sum / lived;
    }
}
