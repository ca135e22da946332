package io.oncemq.quickstart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a run by the ledger, the kills and the dead letters; what OnceMQ says of itself is not asked.
 *
 * <p>A duplicate effect is within the crash window only if the message has exactly two effects, the first by a killed
 * process while it lived, the second by another one after the store had been asked, and the store had no DONE for the
 * message then. Anything that cannot be told counts against the run.
 *
 * <p>The consumers' journals are no evidence: an event follows the stored DONE, so a process that dies between the two leaves no line, and
 * judging by the journal would excuse a repeat that is a bug. Judging by the repeat itself would excuse every one. So {@link StoreProbe} asks
 * the store soon after the death, before the dead process's session and lease end.
 */
final class Audit {
    private final Expected expected;
    private final List<Kill> kills;
    private final Set<String> deadLettered;

    Audit(Expected expected, List<Kill> kills, Set<String> deadLettered) {
        this.expected = expected;
        this.kills = List.copyOf(kills);
        this.deadLettered = Set.copyOf(deadLettered);
    }

    /** @param effects in the order in which they took place */
    Verdict judge(List<Effect> effects) {
        Map<String, List<Effect>> byId = new LinkedHashMap<>();
        effects.forEach(effect ->
                byId.computeIfAbsent(effect.id(), id -> new ArrayList<>(1)).add(effect));
        List<String> findings = new ArrayList<>();
        List<String> lost = lost(byId.keySet());
        lost.forEach(id -> findings.add("lost: " + id));
        int violations = orderViolations(byId, findings);
        int foreign = foreign(byId, findings);
        int duplicates = effects.size() - byId.size();
        Map<Long, Integer> excused = excused(byId, findings);
        return new Verdict(
                effects.size(),
                lost.size(),
                duplicates,
                excused.values().stream().mapToInt(Integer::intValue).sum(),
                violations,
                foreign,
                bounded(excused, findings),
                findings);
    }

    private List<String> lost(Set<String> withEffect) {
        return expected.confirmedIds().stream()
                .filter(id -> !withEffect.contains(id) && !deadLettered.contains(id))
                .toList();
    }

    /** First effects stand in the order of the ledger, since the map keeps the order of insertion. */
    private static int orderViolations(Map<String, List<Effect>> byId, List<String> findings) {
        Map<String, Long> highest = new HashMap<>();
        int violations = 0;
        for (List<Effect> ofOne : byId.values()) {
            Effect first = ofOne.get(0);
            long before = highest.merge(first.key(), first.sequence(), Math::max);
            if (before > first.sequence()) {
                violations++;
                findings.add("out of order: " + first + " after sequence " + before);
            }
        }
        return violations;
    }

    private int foreign(Map<String, List<Effect>> byId, List<String> findings) {
        Set<String> foreign = new HashSet<>();
        byId.forEach((id, effects) -> effects.stream()
                .filter(effect -> expected.sequence(id, effect.key()).orElse(-1) != effect.sequence())
                .forEach(effect -> foreign.add(id)));
        foreign.forEach(id -> findings.add("not of the input: " + byId.get(id)));
        return foreign.size();
    }

    /** Duplicates within the crash window, per killed process. */
    private Map<Long, Integer> excused(Map<String, List<Effect>> byId, List<String> findings) {
        Map<Long, Integer> excused = new HashMap<>();
        for (List<Effect> ofOne : byId.values()) {
            if (ofOne.size() < 2) {
                continue;
            }
            kills.stream()
                    .filter(kill -> excuses(kill, ofOne))
                    .findFirst()
                    .ifPresentOrElse(
                            kill -> excused.merge(kill.process(), 1, Integer::sum),
                            () -> findings.add("duplicate effect outside of the crash window: " + ofOne));
        }
        return excused;
    }

    private static boolean excuses(Kill kill, List<Effect> effects) {
        Effect first = effects.get(0);
        Effect second = effects.get(1);
        return effects.size() == 2
                && first.process() == kill.process()
                && first.nanos() - kill.nanos() <= 0
                && second.process() != kill.process()
                && second.nanos() - kill.askedNanos() >= 0
                && kill.withoutDone().contains(first.id());
    }

    private boolean bounded(Map<Long, Integer> excused, List<String> findings) {
        boolean bounded = true;
        for (Kill kill : kills) {
            int count = excused.getOrDefault(kill.process(), 0);
            if (count > kill.concurrency()) {
                bounded = false;
                findings.add(count + " effects of process " + kill.process() + " were repeated, more than the "
                        + kill.concurrency() + " handlers that it ran at once");
            }
        }
        return bounded;
    }
}
