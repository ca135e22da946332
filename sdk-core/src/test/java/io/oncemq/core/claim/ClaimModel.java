package io.oncemq.core.claim;

import static io.oncemq.core.claim.ClaimTableMatrix.NOW;
import static io.oncemq.core.claim.ClaimTableMatrix.PAST;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.ClaimRecord.Phase;
import io.oncemq.core.claim.ModelDelivery.Step;
import io.oncemq.core.claim.Scenario.Budget;
import io.oncemq.core.claim.Scenario.Nature;
import io.oncemq.spi.Owner;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can happen next. Every method changes the state it is given; the search hands out copies. */
final class ClaimModel {
    private final Scenario scenario;
    private final Invariants invariants;

    ClaimModel(Scenario scenario) {
        this.scenario = scenario;
        this.invariants = new Invariants(scenario);
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

    /** What goes on without any fault; the order is a fair schedule. */
    List<Action> progress(ModelState state) {
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < state.deliveries.size(); i++) {
            addProgress(actions, state, i);
        }
        for (int copy = 0; copy < 4; copy++) {
            if (deliverable(state, copy)) {
                int which = copy;
                actions.add(new Action("deliver copy " + copy + " to " + state.partitionOwner, s -> deliver(s, which)));
            }
        }
        for (int m = 0; m < 2; m++) {
            int message = m;
            ClaimRecord record = state.records[m];
            if (record != null && !record.lapsed(NOW) && !record.phase().settled() && ownerOf(state, record) == null) {
                actions.add(new Action("the dead owner's lease on " + m + " lapses", s -> lapse(s, message)));
            }
        }
        for (int i = 0; i < state.deliveries.size(); i++) {
            addRevoked(actions, state, i);
        }
        if (state.storeWaits) {
            actions.add(new Action("the wait after the loss ends", ClaimModel::endWait));
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
                    crash(s, process);
                }));
            }
        }
        for (int m = 0; m < 2 && left.lapses() > 0; m++) {
            int message = m;
            ClaimRecord record = state.records[m];
            if (record != null && !record.lapsed(NOW) && !record.phase().settled() && ownerOf(state, record) != null) {
                actions.add(new Action("the lease on " + m + " lapses", s -> {
                    s.left = spend(s.left, 1);
                    lapse(s, message);
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
            actions.add(new Action("a late " + state.late.type() + " arrives", this::arrive));
        }
    }

    private void addProgress(List<Action> actions, ModelState state, int i) {
        ModelDelivery d = state.deliveries.get(i);
        String name = d.toString();
        switch (d.step) {
            case WAIT -> {
                if (itsTurn(state, d)) {
                    actions.add(new Action(name + ": its turn", s -> turn(s, s.deliveries.get(i))));
                }
            }
            case HANDLE -> actions.add(new Action(name, s -> handle(s, s.deliveries.get(i))));
            case PUBLISH -> actions.add(new Action(name, s -> publish(s, s.deliveries.get(i))));
            case ACKNOWLEDGE -> actions.add(new Action(name, s -> acknowledge(s, s.deliveries.get(i))));
            default -> {
                if (d.step != Step.CLAIM || mayClaim(state, d)) {
                    actions.add(new Action(name, s -> send(s, s.deliveries.get(i))));
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
                    invariants.answered(s, sender, type, apply(s, sender.command(type), sender.message()));
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
            actions.add(new Action(d + ", renews", s -> renew(s, s.deliveries.get(i))));
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

    private static void deliver(ModelState state, int copy) {
        state.deliveries.add(
                new ModelDelivery(state.partitionOwner, copy, new Owner(state.partitionOwner + 1, state.nextOwner++)));
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

    private void turn(ModelState state, ModelDelivery d) {
        if (!d.leaseHeld || d.token <= state.laneToken[d.process]) {
            d.goTo(Step.CLAIM);
        } else if (d.suspect || d.attempt > 0 || scenario.policy() == CrashPolicy.QUARANTINE) {
            d.goTo(d.attempt >= Scenario.MAX_ATTEMPTS ? Step.DEAD_LETTERING : Step.START);
        } else {
            begin(state, d);
        }
    }

    private void begin(ModelState state, ModelDelivery d) {
        d.goTo(Step.HANDLE);
        d.attempt++;
        state.starts[d.series()]++;
        if (!d.stale) {
            state.laneToken[d.process] = Math.max(state.laneToken[d.process], d.token);
        }
        invariants.handlerStarts(state, d);
    }

    private void handle(ModelState state, ModelDelivery d) {
        Nature nature = scenario.nature(d.copy);
        if (nature == Nature.KILLER) {
            crash(state, d.process);
        } else if (nature == Nature.POISON) {
            d.goTo(d.attempt >= Scenario.MAX_ATTEMPTS ? Step.DEAD_LETTERING : Step.START);
        } else {
            state.effects[d.message()]++;
            invariants.effect(state, d);
            if (!d.stale && d.leaseHeld) {
                state.effectToken = Math.max(state.effectToken, d.token);
            }
            d.goTo(Step.COMPLETE);
        }
    }

    private static void publish(ModelState state, ModelDelivery d) {
        int message = d.message();
        state.deadLetters[message] = Math.max(state.deadLetters[message], Scenario.generation(d.copy));
        d.goTo(Step.DEAD_LETTERED);
    }

    private void acknowledge(ModelState state, ModelDelivery d) {
        if (!d.stale) {
            state.acknowledged[d.copy] = true;
            invariants.acknowledged(state, d);
        }
        state.deliveries.remove(d);
    }

    private static void crash(ModelState state, int process) {
        state.deliveries.removeIf(d -> d.process == process);
        state.laneToken[process] = 0;
        if (state.partitionOwner == process) {
            state.partitionOwner = 1 - process;
        }
    }

    /** It took a lease: whoever has not written his record again by now has seen his own lease end. */
    private static void endWait(ModelState state) {
        state.storeWaits = false;
        for (ModelDelivery d : state.deliveries) {
            ClaimRecord record = state.records[d.message()];
            if (record == null || !record.ownedBy(d.owner)) {
                d.leaseHeld = false;
            }
        }
    }

    private static void lapse(ModelState state, int message) {
        ClaimRecord record = state.records[message];
        if (record != null) {
            ModelDelivery owner = ownerOf(state, record);
            if (owner != null) {
                owner.leaseHeld = false;
            }
            state.records[message] = record.heldBy(record.owner(), PAST);
        }
    }

    private static @Nullable ModelDelivery ownerOf(ModelState state, ClaimRecord record) {
        return state.deliveries.stream()
                .filter(d -> d.owner.equals(record.owner()))
                .findFirst()
                .orElse(null);
    }

    private void arrive(ModelState state) {
        StoreCommand command = state.late;
        state.late = null;
        if (command != null) {
            apply(state, command, state.lateMessage);
        }
    }

    private void renew(ModelState state, ModelDelivery d) {
        int running = d.step == Step.HANDLE ? d.attempt : 0;
        StoreCommand command = new StoreCommand(
                Type.RENEW, ClaimTableMatrix.ID, d.owner, Scenario.generation(d.copy), running, 0, false);
        switch (apply(state, command, d.message()).kind()) {
            case STOLEN -> {
                d.leaseHeld = false;
                if (d.step == Step.WAIT) {
                    anew(state, d);
                }
            }
            case OK -> d.leaseHeld = true;
            default -> {}
        }
    }

    private void send(ModelState state, ModelDelivery d) {
        Type type = d.step.command;
        if (type != null) {
            StoreAnswer answer = apply(state, d.command(type), d.message());
            invariants.answered(state, d, type, answer);
            if (type == Type.CLAIM) {
                claimAnswered(state, d, answer);
            } else {
                commandAnswered(state, d, answer.kind());
            }
        }
    }

    private static void claimAnswered(ModelState state, ModelDelivery d, StoreAnswer answer) {
        switch (answer.kind()) {
            case ACQUIRED, MINE -> {
                d.token = answer.token();
                d.suspect = answer.suspect();
                d.attempt = answer.attempt();
                d.leaseHeld = true;
                d.goTo(Step.WAIT);
            }
            case IN_DOUBT -> holdFor(d, Step.DEAD_LETTERING);
            case DEAD_LETTERING -> holdFor(d, Step.PUBLISH);
            case DONE, DEAD_LETTERED -> d.goTo(Step.ACKNOWLEDGE);
            default -> {}
        }
    }

    private static void holdFor(ModelDelivery d, Step next) {
        d.leaseHeld = true;
        d.goTo(next);
    }

    private void commandAnswered(ModelState state, ModelDelivery d, StoreAnswer.Kind kind) {
        if (d.step == Step.RELEASE) {
            state.deliveries.remove(d);
        } else if (kind == StoreAnswer.Kind.STOLEN) {
            anew(state, d);
        } else {
            switch (d.step) {
                case START -> {
                    d.leaseHeld = true;
                    begin(state, d);
                }
                case DEAD_LETTERING -> holdFor(d, Step.PUBLISH);
                default -> d.goTo(Step.ACKNOWLEDGE);
            }
        }
    }

    StoreAnswer apply(ModelState state, StoreCommand command, int message) {
        ClaimRecord before = state.records[message];
        ClaimTable.Step step = ClaimTable.afterLoss(
                scenario.transitions().apply(before, command, NOW, state::nextToken),
                before,
                command,
                NOW,
                state.storeWaits ? ClaimTableMatrix.AHEAD : PAST);
        ClaimRecord after = step.record();
        state.records[message] = after;
        if (after != null && after.phase() == Phase.DONE) {
            state.doneOnce[message] = true;
        }
        if (after != null && after.phase() == Phase.DEAD_LETTERED) {
            state.buried[message] = Math.max(state.buried[message], after.generation());
        }
        return step.answer();
    }

    /** Goes on as another owner. */
    void anew(ModelState state, ModelDelivery d) {
        d.owner = new Owner(d.process + 1, state.nextOwner++);
        d.leaseHeld = false;
        d.goTo(Step.CLAIM);
    }

    private static Budget spend(Budget b, int which) {
        int[] left = {
            b.crashes(), b.lapses(), b.losses(), b.lostReplies(), b.lateCommands(), b.rebalances(), b.redrives()
        };
        left[which]--;
        return new Budget(left[0], left[1], left[2], left[3], left[4], left[5], left[6]);
    }
}
