package io.oncemq.core.claim;

import static io.oncemq.core.claim.ClaimTableMatrix.NOW;
import static io.oncemq.core.claim.ClaimTableMatrix.PAST;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.ClaimRecord.Phase;
import io.oncemq.core.claim.ModelDelivery.Step;
import io.oncemq.core.claim.Scenario.Nature;
import io.oncemq.spi.Owner;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import org.jspecify.annotations.Nullable;

/** What each step does. Every method changes the state it is given; the search hands out copies. */
final class ModelSteps {
    private final Scenario scenario;
    private final Invariants invariants;

    ModelSteps(Scenario scenario, Invariants invariants) {
        this.scenario = scenario;
        this.invariants = invariants;
    }

    static void deliver(ModelState state, int copy) {
        state.deliveries.add(
                new ModelDelivery(state.partitionOwner, copy, new Owner(state.partitionOwner + 1, state.nextOwner++)));
    }

    void turn(ModelState state, ModelDelivery d) {
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

    void handle(ModelState state, ModelDelivery d) {
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

    static void publish(ModelState state, ModelDelivery d) {
        int message = d.message();
        state.deadLetters[message] = Math.max(state.deadLetters[message], Scenario.generation(d.copy));
        d.goTo(Step.DEAD_LETTERED);
    }

    void acknowledge(ModelState state, ModelDelivery d) {
        if (!d.stale) {
            state.acknowledged[d.copy] = true;
            invariants.acknowledged(state, d);
        }
        state.deliveries.remove(d);
    }

    static void crash(ModelState state, int process) {
        state.deliveries.removeIf(d -> d.process == process);
        state.laneToken[process] = 0;
        if (state.partitionOwner == process) {
            state.partitionOwner = 1 - process;
        }
    }

    /** It took a lease: an owner that has not written its record again by now has seen its lease end. */
    static void endWait(ModelState state) {
        state.storeWaits = false;
        for (ModelDelivery d : state.deliveries) {
            ClaimRecord record = state.records[d.message()];
            if (record == null || !record.ownedBy(d.owner)) {
                d.leaseHeld = false;
            }
        }
    }

    static void lapse(ModelState state, int message) {
        ClaimRecord record = state.records[message];
        if (record != null) {
            ModelDelivery owner = ownerOf(state, record);
            if (owner != null) {
                owner.leaseHeld = false;
            }
            state.records[message] = record.heldBy(record.owner(), PAST);
        }
    }

    static @Nullable ModelDelivery ownerOf(ModelState state, ClaimRecord record) {
        return state.deliveries.stream()
                .filter(d -> d.owner.equals(record.owner()))
                .findFirst()
                .orElse(null);
    }

    void arrive(ModelState state) {
        StoreCommand command = state.late;
        state.late = null;
        if (command != null) {
            apply(state, command, state.lateMessage);
        }
    }

    void renew(ModelState state, ModelDelivery d) {
        int running = d.step == Step.HANDLE ? d.attempt : 0;
        StoreCommand command = new StoreCommand(
                Type.RENEW, ClaimTableMatrix.ID, d.owner, Scenario.generation(d.copy), running, 0, false, "");
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

    void send(ModelState state, ModelDelivery d) {
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
    private void anew(ModelState state, ModelDelivery d) {
        d.owner = new Owner(d.process + 1, state.nextOwner++);
        d.leaseHeld = false;
        d.goTo(Step.CLAIM);
    }
}
