package io.oncemq.torture.check;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a history comes to.
 *
 * @param published how many messages were handed to a publisher
 * @param effects how many effects there were, repeated ones included
 * @param explained repeated effects that the history explains
 * @param breaches how often each rule was broken; rules that were kept are not in it
 * @param first the first breaches of each rule
 * @param excusedShare for how much of the processes' time a rule does not judge, from 0 to 1; rules that always judge are not in it
 * @param crowdedShare for how much of the run an outcome may come three seconds after its deadline, since the machine was that busy
 */
public record Judgement(
        long published,
        long effects,
        Map<Explanation, Long> explained,
        Map<Rule, Long> breaches,
        List<Anomaly> first,
        Map<Rule, Double> excusedShare,
        double crowdedShare) {

    public Judgement {
        explained = copy(Explanation.class, explained);
        breaches = copy(Rule.class, breaches);
        first = List.copyOf(first);
        excusedShare = copy(Rule.class, excusedShare);
    }

    private static <K extends Enum<K>, V> Map<K, V> copy(Class<K> keys, Map<K, V> from) {
        Map<K, V> all = new EnumMap<>(keys);
        all.putAll(from);
        return Collections.unmodifiableMap(all);
    }

    public boolean isClean() {
        return breaches.isEmpty();
    }

    public long breaches(Rule rule) {
        return breaches.getOrDefault(rule, 0L);
    }

    public long explainedDuplicates() {
        return explained.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        String found =
                first.stream().map(each -> each.rule() + ": " + each.text()).collect(Collectors.joining("\n  "));
        return published + " published, " + effects + " effects, explained " + explained + ", breaches " + breaches
                + (found.isEmpty() ? "" : "\n  " + found);
    }
}
