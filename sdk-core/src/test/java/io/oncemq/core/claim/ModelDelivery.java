package io.oncemq.core.claim;

import io.oncemq.spi.Owner;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import org.jspecify.annotations.Nullable;

/** One copy in the hands of one process. */
final class ModelDelivery {
    /** What it does next. */
    enum Step {
        CLAIM(Type.CLAIM),
        /** Claimed; waits for its turn in the lane. */
        WAIT(null),
        START(Type.START),
        HANDLE(null),
        COMPLETE(Type.COMPLETE),
        DEAD_LETTERING(Type.DEAD_LETTERING),
        PUBLISH(null),
        DEAD_LETTERED(Type.DEAD_LETTERED),
        RELEASE(Type.RELEASE),
        ACKNOWLEDGE(null);

        final @Nullable Type command;

        Step(@Nullable Type command) {
            this.command = command;
        }
    }

    final int process;
    final int copy;
    Owner owner;
    Step step = Step.CLAIM;
    /** The partition was taken from the process; it may not know yet. */
    boolean stale;
    /** What the process believes; never longer than the store does. */
    boolean leaseHeld;

    boolean suspect;
    boolean repeated;
    /** Attempts known to have started, the running one included. */
    int attempt;

    long token;

    ModelDelivery(int process, int copy, Owner owner) {
        this.process = process;
        this.copy = copy;
        this.owner = owner;
    }

    ModelDelivery copy() {
        ModelDelivery other = new ModelDelivery(process, copy, owner);
        other.step = step;
        other.stale = stale;
        other.leaseHeld = leaseHeld;
        other.suspect = suspect;
        other.repeated = repeated;
        other.attempt = attempt;
        other.token = token;
        return other;
    }

    int message() {
        return Scenario.message(copy);
    }

    /** Counts the starts of each generation apart. */
    int series() {
        return 2 * message() + Scenario.generation(copy);
    }

    StoreCommand command(Type type) {
        int number = type == Type.START ? attempt + 1 : 0;
        return new StoreCommand(type, ClaimTableMatrix.ID, owner, Scenario.generation(copy), number, 0, repeated, "");
    }

    void goTo(Step next) {
        step = next;
        repeated = false;
    }

    @Override
    public String toString() {
        return "process " + process + " copy " + copy + (stale ? " (stale)" : "") + " " + step;
    }
}
