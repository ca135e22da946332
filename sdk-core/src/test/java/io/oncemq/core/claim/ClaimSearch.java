package io.oncemq.core.claim;

import io.oncemq.core.claim.ClaimModel.Action;
import io.oncemq.core.claim.Invariants.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Walks every state that a scenario can reach, depth first, and checks in each that it is settled in the end if no further
 * fault strikes.
 */
final class ClaimSearch {
    private static final int CALM_STEPS = 300;

    private final ClaimModel model;
    private final LongHashSet visited = new LongHashSet();
    private final LongHashSet endsWell = new LongHashSet();
    private final Deque<String> path = new ArrayDeque<>();

    ClaimSearch(Scenario scenario) {
        this.model = new ClaimModel(scenario);
    }

    /** @return how many states were visited */
    int run() {
        try {
            visit(model.initial());
        } catch (Violation violation) {
            Violation told = new Violation(violation.getMessage() + "\n  " + String.join("\n  ", path));
            told.setStackTrace(violation.getStackTrace());
            throw told;
        }
        return visited.size();
    }

    private void visit(ModelState state) {
        if (!visited.add(state.fingerprint())) {
            return;
        }
        List<Action> actions = new ArrayList<>(model.progress(state));
        actions.addAll(model.faults(state));
        for (Action action : actions) {
            path.addLast(action.name());
            ModelState next = state.copy();
            action.effect().accept(next);
            visit(next);
            path.removeLast();
        }
        endsWell(state);
    }

    private void endsWell(ModelState from) {
        List<Long> passed = new ArrayList<>();
        ModelState state = from;
        for (int i = 0; i < CALM_STEPS; i++) {
            long fingerprint = state.fingerprint();
            if (state.settled() || endsWell.contains(fingerprint)) {
                passed.forEach(endsWell::add);
                return;
            }
            passed.add(fingerprint);
            state = calmStep(state, fingerprint);
        }
        throw new Violation("no end without further faults");
    }

    /** The first action that changes anything: a claim that is BUSY gives way to the others. */
    private ModelState calmStep(ModelState state, long fingerprint) {
        for (Action action : model.progress(state)) {
            ModelState next = state.copy();
            action.effect().accept(next);
            if (next.fingerprint() != fingerprint) {
                return next;
            }
        }
        throw new Violation("a dead end: " + state.deliveries);
    }
}
