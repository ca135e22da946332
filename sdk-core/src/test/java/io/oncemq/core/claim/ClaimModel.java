package io.oncemq.core.claim;

import static io.oncemq.core.claim.ClaimTableMatrix.NOW;

import io.oncemq.core.claim.ModelDelivery.Step;
import io.oncemq.core.claim.Scenario.Budget;
import io.oncemq.spi.StoreCommand.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can happen next, by name; {@link ModelSteps} says what it does. */
final class ClaimModel {
    private final Scenario scenario;
    private final Invariants invariants;
    private final ModelSteps steps;

    ClaimModel(Scenario scenario) {
        this.scenario = scenario;
        this.invariants = new Invariants(scenario);
        this.steps = new ModelSteps(scenario, invariants);
    }

    /** A step by name, so that a violation can tell its story. */
    record Action(String name, Consumer<ModelState> effect) {}

    ModelState initial() {
        ModelState state = new ModelState();
        scenario.copies().forEach(copy -> state.present[copy] = true);
        state.left = scenario.budget();
        state.tokensFromClock = scenario.tokensFromClock();
        return state;
    }

    /** The steps without a fault; the order is a fair schedule. */
    List<Action> progress(ModelState state) {
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < state.deliveries.size(); i++) {
            addProgress(actions, state, i);
        }
        for (int copy = 0; copy < 4; copy++) {
            if (deliverable(state, copy)) {
                int which = copy;
                actions.add(new Action(
                        "deliver copy " + copy + " to " + state.partitionOwner, s -> ModelSteps.deliver(s, which)));
            }
        }
        for (int m = 0; m < 2; m++) {
            int message = m;
            ClaimRecord record = state.records[m];
            if (record != null
                    && !record.lapsed(NOW)
                    && !record.phase().settled()
                    && ModelSteps.ownerOf(state, record) == null) {
                actions.add(
                        new Action("the dead owner's lease on " + m + " lapses", s -> ModelSteps.lapse(s, message)));
            }
        }
        for (int i = 0; i < state.deliveries.size(); i++) {
            addRevoked(actions, state, i);
        }
        if (state.storeWaits) {
            actions.add(new Action("the wait after the loss ends", ModelSteps::endWait));
        }
        return actions;
    }

    List<Action> faults(ModelState state) {
        List<Action> actions = new ArrayList<>();
        Budget left = state.left;
        for (int i = 0; i < state.deliveries.size(); i++) {
            addCommandFaults(actions, state, i);
        }
        for (int p = 0; p < 2 && left.crashes() > 0; p++) {
            int process = p;
            if (state.deliveries.stream().anyMatch(d -> d.process == process)) {
                actions.add(new Action("process " + p + " crashes", s -> {
                    s.left = spend(s.left, 0);
                    ModelSteps.crash(s, process);
                }));
            }
        }
        for (int m = 0; m < 2 && left.lapses() > 0; m++) {
            int message = m;
            ClaimRecord record = state.records[m];
            if (record != null
                    && !record.lapsed(NOW)
                    && !record.phase().settled()
                    && ModelSteps.ownerOf(state, record) != null) {
                actions.add(new Action("the lease on " + m + " lapses", s -> {
                    s.left = spend(s.left, 1);
                    ModelSteps.lapse(s, message);
                }));
            }
        }
        addWorldFaults(actions, state);
        return actions;
    }

    private void addWorldFaults(List<Action> actions, ModelState state) {
        Budget left = state.left;
        if (left.losses() > 0 && (state.records[0] != null || state.records[1] != null)) {
            actions.add(new Action("the store loses its data", s -> {
                s.left = spend(s.left, 2);
                s.records[0] = null;
                s.records[1] = null;
                s.lastToken = 0;
                s.storeWaits = scenario.waitsAfterLoss();
            }));
        }
        if (left.rebalances() > 0) {
            actions.add(new Action("the partition moves", s -> {
                s.left = spend(s.left, 5);
                s.partitionOwner = 1 - s.partitionOwner;
                s.deliveries.forEach(d -> d.stale = true);
            }));
        }
        if (left.redrives() > 0 && state.deadLetters[0] == 0 && !state.present[3]) {
            actions.add(new Action("message 0 is redriven", s -> {
                s.left = spend(s.left, 6);
                s.present[3] = true;
            }));
        }
        if (state.late != null) {
            actions.add(new Action("a late " + state.late.type() + " arrives", steps::arrive));
        }
    }

    private void addProgress(List<Action> actions, ModelState state, int i) {
        ModelDelivery d = state.deliveries.get(i);
        String name = d.toString();
        switch (d.step) {
            case WAIT -> {
                if (itsTurn(state, d)) {
                    actions.add(new Action(name + ": its turn", s -> steps.turn(s, s.deliveries.get(i))));
                }
            }
            case HANDLE -> actions.add(new Action(name, s -> steps.handle(s, s.deliveries.get(i))));
            case PUBLISH -> actions.add(new Action(name, s -> ModelSteps.publish(s, s.deliveries.get(i))));
            case ACKNOWLEDGE -> actions.add(new Action(name, s -> steps.acknowledge(s, s.deliveries.get(i))));
            default -> {
                if (d.step != Step.CLAIM || mayClaim(state, d)) {
                    actions.add(new Action(name, s -> steps.send(s, s.deliveries.get(i))));
                }
            }
        }
    }

    private void addCommandFaults(List<Action> actions, ModelState state, int i) {
        ModelDelivery d = state.deliveries.get(i);
        Type type = d.step.command;
        if (type != null && (type != Type.CLAIM || mayClaim(state, d))) {
            if (state.left.lostReplies() > 0) {
                actions.add(new Action(d + ", the reply is lost", s -> {
                    s.left = spend(s.left, 3);
                    ModelDelivery sender = s.deliveries.get(i);
                    invariants.answered(s, sender, type, steps.apply(s, sender.command(type), sender.message()));
                    sender.repeated = true;
                }));
            }
            if (state.left.lateCommands() > 0 && state.late == null) {
                actions.add(new Action(d + ", still under way when its sender gives up", s -> {
                    s.left = spend(s.left, 4);
                    ModelDelivery sender = s.deliveries.get(i);
                    s.late = sender.command(type);
                    s.lateMessage = sender.message();
                    sender.repeated = true;
                }));
            }
        }
        ClaimRecord record = state.records[d.message()];
        boolean worthRenewing = !d.leaseHeld || record == null;
        if (worthRenewing && (d.step == Step.WAIT || d.step == Step.HANDLE)) {
            actions.add(new Action(d + ", renews", s -> steps.renew(s, s.deliveries.get(i))));
        }
    }

    /** What a process does with a partition that it knows to be gone. */
    private static void addRevoked(List<Action> actions, ModelState state, int i) {
        ModelDelivery d = state.deliveries.get(i);
        if (d.stale && (d.step == Step.WAIT || d.step == Step.START)) {
            actions.add(new Action(d + ", gives back", s -> s.deliveries.get(i).goTo(Step.RELEASE)));
        }
        if (d.stale && d.step == Step.CLAIM && !d.repeated) {
            actions.add(new Action(d + ", lets go", s -> s.deliveries.remove(i)));
        }
    }

    private boolean deliverable(ModelState state, int copy) {
        if (!state.present[copy] || state.acknowledged[copy]) {
            return false;
        }
        for (int before = 0; before < copy; before++) {
            if (state.present[before] && !state.acknowledged[before] && current(state, before) == null) {
                return false;
            }
        }
        return current(state, copy) == null;
    }

    private static @Nullable ModelDelivery current(ModelState state, int copy) {
        return state.deliveries.stream()
                .filter(d -> d.copy == copy && !d.stale)
                .findFirst()
                .orElse(null);
    }

    /** Copies of one message wait for each other inside a process. */
    private static boolean mayClaim(ModelState state, ModelDelivery d) {
        return state.deliveries.stream()
                .noneMatch(o -> o.process == d.process
                        && o.stale == d.stale
                        && o.copy < d.copy
                        && o.message() == d.message()
                        && o.step != Step.ACKNOWLEDGE);
    }

    private static boolean itsTurn(ModelState state, ModelDelivery d) {
        return state.deliveries.stream()
                .noneMatch(o ->
                        o.process == d.process && o.stale == d.stale && o.copy < d.copy && o.step != Step.ACKNOWLEDGE);
    }

    private static Budget spend(Budget b, int which) {
        int[] left = {
            b.crashes(), b.lapses(), b.losses(), b.lostReplies(), b.lateCommands(), b.rebalances(), b.redrives()
        };
        left[which]--;
        return new Budget(left[0], left[1], left[2], left[3], left[4], left[5], left[6]);
    }
}
