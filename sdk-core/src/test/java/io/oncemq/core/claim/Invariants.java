package io.oncemq.core.claim;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.ModelDelivery.Step;
import io.oncemq.core.claim.Scenario.Nature;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand.Type;

/** What must never be seen. */
final class Invariants {
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }

    private final Scenario scenario;

    Invariants(Scenario scenario) {
        this.scenario = scenario;
    }

    void handlerStarts(ModelState state, ModelDelivery d) {
        int message = d.message();
        long running = state.deliveries.stream()
                .filter(o -> o.message() == message && o.step == Step.HANDLE && o.leaseHeld)
                .count();
        check(running <= 1, "two handlers run under valid leases");
        if (lost(state)) {
            return;
        }
        check(state.buried[message] < Scenario.generation(d.copy), "a dead-lettered message reached the handler again");
        check(
                state.deadLetters[message] < Scenario.generation(d.copy),
                "a message whose dead letter is out reached the handler");
        check(!state.doneOnce[message], "a message that was DONE reached the handler");
        if (scenario.policy() == CrashPolicy.QUARANTINE && scenario.nature(d.copy) != Nature.POISON) {
            check(state.starts[d.series()] <= 1, "a started handler ran again in spite of QUARANTINE");
        }
        if (scenario.nature(d.copy) == Nature.KILLER) {
            check(state.starts[d.series()] <= Scenario.MAX_ATTEMPTS + 1, "a killer was let loose too often");
        }
    }

    void effect(ModelState state, ModelDelivery d) {
        if (!d.stale && d.leaseHeld) {
            check(d.token > state.effectToken, "a rightful effect carries a token that is not the highest");
        }
        boolean calm = state.left.crashes() == scenario.budget().crashes()
                && state.left.lapses() == scenario.budget().lapses()
                && !lost(state);
        if (calm) {
            check(state.effects[d.message()] == 1, "two effects without crash, lapse or loss");
        }
    }

    void acknowledged(ModelState state, ModelDelivery d) {
        int message = d.message();
        int generation = Scenario.generation(d.copy);
        check(
                state.doneOnce[message] || state.buried[message] >= generation,
                "acknowledged before it was settled in the store");
        check(
                state.effects[message] > 0 || state.deadLetters[message] >= generation,
                "acknowledged without effect or dead letter");
    }

    void answered(ModelState state, ModelDelivery d, Type type, StoreAnswer answer) {
        if (type == Type.CLAIM && answer.kind() == StoreAnswer.Kind.IN_DOUBT) {
            check(scenario.policy() == CrashPolicy.QUARANTINE, "in doubt although the group reprocesses");
            check(state.starts[d.series()] > 0 || startsWritten(state), "in doubt although nothing was started");
        }
    }

    /** A START was written, but its sender has not heard of it or did not live to act on it. */
    private boolean startsWritten(ModelState state) {
        return !state.left.equals(scenario.budget());
    }

    private boolean lost(ModelState state) {
        return state.left.losses() != scenario.budget().losses();
    }

    static void check(boolean holds, String violation) {
        if (!holds) {
            throw new Violation(violation);
        }
    }
}
