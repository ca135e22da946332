package io.oncemq.quickstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Kills a busy consumer at a third of the effects and starts a replacement; kills the broker at three quarters of the
 * publishing and starts it again. Runs on a thread of its own.
 */
final class FaultPlan implements Runnable {
    /** What the dead process has sent to the store is applied by then. */
    private static final Duration STORE_GRACE = Duration.ofMillis(500);

    private static final Duration BROKER_DOWN = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Stop stop;
    private final Display display;
    private final RunServers servers;
    private final Fleet fleet;
    private final Ledger ledger;
    private final PublishJob publishing;
    private final CheckedInput input;
    private final List<Kill> kills = new ArrayList<>();
    private final AtomicInteger faults = new AtomicInteger();
    private volatile boolean brokerWasKilled;
    private volatile boolean brokerRestarted;

    FaultPlan(
            Stop stop,
            Display display,
            RunServers servers,
            Fleet fleet,
            Ledger ledger,
            PublishJob publishing,
            CheckedInput input) {
        this.stop = stop;
        this.display = display;
        this.servers = servers;
        this.fleet = fleet;
        this.ledger = ledger;
        this.publishing = publishing;
        this.input = input;
    }

    int faults() {
        return faults.get();
    }

    /** Or never will be, because this plan has failed. */
    boolean brokerWasKilled() {
        return brokerWasKilled;
    }

    /** Kills that were promised and did not happen. To be read when {@link #run} has returned. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (kills.isEmpty()) {
            missing.add("no consumer was killed");
        }
        if (!brokerRestarted) {
            missing.add("the broker was not killed and started again");
        }
        return missing;
    }

    /** To be read when {@link #run} has returned. */
    List<Kill> kills() {
        return List.copyOf(kills);
    }

    @Override
    public void run() {
        try {
            awaitMoment("a third of the effects", () -> ledger.size() >= (input.messages() + 2) / 3);
            killConsumer();
            awaitMoment(
                    "three quarters of the publishing",
                    () -> publishing.published() >= Pace.lastQuarter(input.publishable()));
            killBroker();
        } finally {
            brokerWasKilled = true;
        }
    }

    private void awaitMoment(String name, BooleanSupplier reached) {
        stop.await(
                PATIENCE,
                () -> reached.getAsBoolean() || !fleet.diedByThemselves().isEmpty());
        if (!reached.getAsBoolean()) {
            throw new JobFailedException(name + " was not reached; the consumers say:\n" + fleet.logTails());
        }
    }

    private void killConsumer() {
        ConsumerProcess victim = fleet.first();
        victim.kill();
        long diedAt = System.nanoTime();
        faults.incrementAndGet();
        display.line("kill -9 of " + victim.name() + " (process " + victim.pid() + ")");
        stop.pause(STORE_GRACE);
        List<Effect> effects = ledger.effects().stream()
                .filter(effect -> effect.process() == victim.pid())
                .toList();
        Set<String> withoutDone = new StoreProbe(servers.redis().uri()).withoutDone(effects);
        kills.add(new Kill(victim.pid(), diedAt, Places.CONCURRENCY, withoutDone, System.nanoTime()));
        display.line("  of its " + effects.size() + " effects " + withoutDone.size() + " have no DONE in the store");
        ConsumerProcess replacement = fleet.start();
        display.line("started " + replacement.name() + " in its place (process " + replacement.pid() + ")");
    }

    private void killBroker() {
        servers.broker().kill();
        brokerWasKilled = true;
        faults.incrementAndGet();
        display.line("kill -9 of the broker");
        stop.pause(BROKER_DOWN);
        servers.broker().start();
        brokerRestarted = true;
        display.line("the broker runs again, on the same data");
    }
}
