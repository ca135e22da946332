package io.oncemq.core.consume;

import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.LostPositions;
import io.oncemq.Ordering;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.core.claim.InProcessIdempotencyStore;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition with two messages of one key, one or two processes that may own it, and the store in this process. Nothing moves
 * but by {@link #actions}.
 */
final class EngineWorld {
    static final String[] ID = {"a", "b"};
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** What the handler makes of message a; b is always handled. */
    enum Nature {
        HEALTHY,
        /** Its first attempt fails, with an exception that was not declared safe. */
        FAILS_ONCE,
        /** Each attempt derives a message, which is confirmed some time later. */
        DERIVES,
        /** As before, and the first derived message is refused for good. */
        DERIVES_REFUSED;

        boolean derives() {
            return this == DERIVES || this == DERIVES_REFUSED;
        }
    }

    /**
     * How often each fault may strike.
     *
     * @param replies answers of the store that are lost on their way
     * @param losses of the store's data
     * @param alone 1 if there is one process, to which its own partition comes back
     */
    record Budget(int crashes, int lapses, int moves, int closes, int reversals, int replies, int losses, int alone) {
        static Budget of(String faults) {
            List<String> words = Arrays.asList(faults.split(" "));
            return new Budget(
                    count(words, "crashes"),
                    count(words, "lapses"),
                    count(words, "moves"),
                    count(words, "closes"),
                    count(words, "reversals"),
                    count(words, "replies"),
                    count(words, "losses"),
                    count(words, "alone"));
        }

        private static int count(List<String> words, String fault) {
            int at = words.indexOf(fault);
            return at < 0 ? 0 : Integer.parseInt(words.get(at + 1));
        }
    }

    /** One world to search. */
    record Setting(CrashPolicy crashPolicy, DeadLetterPolicy deadLetter, Nature nature, Budget budget) {}

    record Action(String name, Runnable effect) {}

    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }

    final SubscriptionSpec spec;
    final Setting setting;
    final Clock clock = new HandClock(this);
    final InProcessIdempotencyStore store;
    final SearchedProcess[] processes;
    long nanos = Duration.ofDays(1).toNanos();
    long nextEpoch = 1;
    long nextDelivery = 1;
    private int nextProcess = 1;
    int owner;
    int crashes;
    int lapses;
    int moves;
    int closes;
    int reversals;
    int replies;
    int losses;
    boolean reversed;
    /** When the store grants claims again after a loss. */
    long openAt;

    final boolean[] acknowledged = new boolean[2];
    final boolean[] done = new boolean[2];
    final boolean[] dead = new boolean[2];
    final boolean[] letters = new boolean[2];
    final int[] starts = new int[2];
    final int[] effects = new int[2];
    final boolean[] derived = new boolean[2];
    private long effectToken;

    EngineWorld(Setting setting) {
        this.setting = setting;
        this.spec = new SubscriptionSpec(
                "orders",
                "billing",
                "",
                "orders",
                null,
                2,
                100,
                1_000_000,
                RetryPolicy.builder()
                        .fixed(Duration.ofSeconds(1))
                        .maxAttempts(3)
                        .build(),
                setting.deadLetter(),
                Ordering.PER_KEY,
                setting.crashPolicy(),
                LEASE,
                Duration.ofDays(7),
                Duration.ofSeconds(20),
                StartPosition.EARLIEST,
                LostPositions.STOP,
                null,
                null);
        this.store = new InProcessIdempotencyStore(clock, Duration.ofDays(365));
        Budget budget = setting.budget();
        crashes = budget.crashes();
        lapses = budget.lapses();
        moves = budget.moves();
        closes = budget.closes();
        reversals = budget.reversals();
        replies = budget.replies();
        losses = budget.losses();
        openAt = nanos;
        processes = new SearchedProcess[2 - budget.alone()];
        for (int i = 0; i < processes.length; i++) {
            processes[i] = new SearchedProcess(this, nextProcess++);
        }
        assign(0, false);
    }

    private void assign(int to, boolean reverse) {
        owner = to;
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < ID.length; i++) {
            if (!acknowledged[i]) {
                open.add(i);
            }
        }
        if (reverse) {
            Collections.reverse(open);
            reversals--;
            reversed = true;
        }
        processes[to].assign(open);
    }

    boolean settled() {
        return acknowledged[0] && acknowledged[1];
    }

    /** The steps without a fault, then the faults that are left. */
    List<Action> actions(boolean calm) {
        List<Action> actions = new ArrayList<>();
        for (SearchedProcess process : processes) {
            addProgress(actions, process);
        }
        addTimers(actions);
        if (!calm && !settled()) {
            addFaults(actions);
        }
        return actions;
    }

    private void addProgress(List<Action> actions, SearchedProcess p) {
        String name = "process " + p.number;
        if (p.closed()) {
            actions.add(new Action(name + " ends", () -> ended(p)));
        }
        if (p.reply != null) {
            actions.add(new Action(name + " hears of " + kinds(p.reply), p::answer));
        }
        if (p.maySend()) {
            actions.add(new Action(name + " asks the store", p::send));
        }
        if (p.shard != null && p.draining == null && p.fed < p.assigned.size()) {
            actions.add(new Action(name + " receives " + ID[p.assigned.get(p.fed)], p::deliver));
        }
        if (!p.queued.isEmpty()) {
            actions.add(new Action(name + " begins " + p.queued.peek().identity.id(), p::begin));
        }
        for (int i = 0; i < p.running.size(); i++) {
            int index = i;
            actions.add(new Action(name + " ends " + p.running.get(i).identity.id(), () -> p.end(index)));
        }
        if (!p.letters.isEmpty()) {
            actions.add(new Action(name + ": its letter is confirmed", p::confirm));
        }
        if (!p.derivations.isEmpty()) {
            actions.add(new Action(name + ": what it derived is decided", p::decideDerived));
        }
    }

    private static String kinds(SearchedProcess.Reply reply) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < reply.answers().size(); i++) {
            StoreOperation operation = reply.operations().get(i);
            text.append(operation.command().type())
                    .append(' ')
                    .append(operation.work().identity.id())
                    .append(' ')
                    .append(reply.answers().get(i).kind())
                    .append(' ');
        }
        return text.toString().trim();
    }

    /**
     * The clock goes to a timer, once the store has answered what was asked before: timers are long, and a lease that lapses
     * meanwhile is a fault of its own. Drains that end by force are a day away and never come.
     */
    private void addTimers(List<Action> actions) {
        for (SearchedProcess p : processes) {
            if (p.reply != null || p.maySend()) {
                return;
            }
        }
        for (SearchedProcess p : processes) {
            Long at = p.loop.nextTimer();
            if (at != null && at - nanos < Duration.ofHours(12).toNanos()) {
                actions.add(new Action("process " + p.number + ": a timer is due", () -> {
                    nanos = Math.max(nanos, at);
                    turnAll();
                }));
            }
        }
        if (crashes < setting.budget().crashes() && anyBusy()) {
            actions.add(new Action("the leases of the dead lapse", this::passALease));
        }
    }

    private void turnAll() {
        for (SearchedProcess p : processes) {
            p.turn();
        }
    }

    private boolean anyBusy() {
        return Arrays.stream(processes).anyMatch(p -> p.works.stream().anyMatch(work -> work.stage() == Stage.BUSY));
    }

    /** Whoever lives renews meanwhile. */
    private void passALease() {
        for (int quarter = 0; quarter < 5; quarter++) {
            nanos += LEASE.toNanos() / 4;
            turnAll();
            for (SearchedProcess p : processes) {
                for (int i = 0; i < 20 && p.maySend(); i++) {
                    p.send();
                    p.answer();
                }
            }
        }
    }

    private void addFaults(List<Action> actions) {
        for (int i = 0; i < processes.length; i++) {
            int other = other(i);
            SearchedProcess p = processes[i];
            for (boolean reverse : reversals > 0 ? new boolean[] {false, true} : new boolean[] {false}) {
                String how = reverse ? ", redelivered in another order" : "";
                if (crashes > 0 && owner == i && !p.works.isEmpty()) {
                    actions.add(new Action("process " + p.number + " crashes" + how, () -> crash(p, other, reverse)));
                }
                if (moves > 0 && owner == i && p.shard != null && p.draining == null && !p.works.isEmpty()) {
                    actions.add(new Action("the partition of process " + p.number + " is lost" + how, () -> {
                        moves--;
                        p.lose();
                        assign(other, reverse);
                    }));
                }
            }
            if (moves > 0 && owner == i && p.shard != null && p.draining == null && !p.works.isEmpty()) {
                actions.add(new Action("process " + p.number + " is asked to give the partition back", () -> {
                    moves--;
                    p.revoke();
                }));
            }
            if (closes > 0 && owner == i && p.shard != null && p.draining == null && !p.works.isEmpty()) {
                actions.add(new Action("process " + p.number + " closes", () -> {
                    closes--;
                    p.closing = true;
                    p.revoke();
                }));
            }
        }
        for (SearchedProcess p : processes) {
            if (replies > 0 && p.reply != null) {
                actions.add(new Action("an answer to process " + p.number + " is lost", () -> {
                    replies--;
                    p.loseReply();
                }));
            }
        }
        if (losses > 0) {
            actions.add(new Action("the store loses its data", () -> {
                losses--;
                store.loseData();
                openAt = nanos + LEASE.toNanos() + 1;
            }));
        }
        if (lapses > 0) {
            actions.add(new Action("every lease lapses", () -> {
                lapses--;
                nanos += LEASE.toNanos() + 1;
            }));
        }
    }

    private void crash(SearchedProcess p, int other, boolean reverse) {
        crashes--;
        replace(p);
        assign(other, reverse);
    }

    private void replace(SearchedProcess p) {
        processes[place(p)] = new SearchedProcess(this, nextProcess++);
    }

    private int place(SearchedProcess p) {
        return processes[0] == p ? 0 : 1;
    }

    private int other(int place) {
        return processes.length - 1 - place;
    }

    /**
     * The store's thread has sent every settlement that was handed over, after the answer that it was waiting for, and nothing else; then the process
     * is gone.
     */
    private void ended(SearchedProcess p) {
        p.dropClaims();
        p.reply = null;
        if (p.maySend()) {
            p.send();
        }
        replace(p);
        if (processes.length == 1) {
            assign(0, false);
        }
    }

    /** A drain has ended: the partition goes to the other process. */
    void drained(SearchedProcess p) {
        if (processes.length > 1 || !p.closing) {
            assign(other(place(p)), false);
        }
    }

    void applied(SearchedProcess by, List<StoreOperation> operations, List<StoreAnswer> answers) {
        for (int i = 0; i < answers.size(); i++) {
            StoreCommand.Type type = operations.get(i).command().type();
            StoreAnswer.Kind kind = answers.get(i).kind();
            int message = message(operations.get(i).work().identity.id());
            boolean taken = kind == StoreAnswer.Kind.OK || kind == StoreAnswer.Kind.LATE;
            check(
                    type != StoreCommand.Type.COMPLETE
                            || !setting.nature().derives()
                            || derived[message]
                            || message > 0,
                    "DONE before what it derived was confirmed");
            done[message] |= type == StoreCommand.Type.COMPLETE && taken;
            dead[message] |= type == StoreCommand.Type.DEAD_LETTERED && taken;
            if (kind == StoreAnswer.Kind.BUSY) {
                check(
                        busyIsRight(by, operations.get(i).command()),
                        "a claim is busy whose owner has closed without a fault");
            }
        }
    }

    /** Another process that lives may hold it, or one that crashed, or this process under an earlier delivery. */
    private boolean busyIsRight(SearchedProcess by, StoreCommand command) {
        boolean crashed = crashes < setting.budget().crashes() || nanos < openAt;
        for (SearchedProcess p : processes) {
            boolean knows = p.works.stream()
                    .anyMatch(work -> work.identity.record() != null
                            && work.identity.record().equals(command.id())
                            && !work.owner.equals(command.owner()));
            if (knows) {
                return true;
            }
        }
        return crashed;
    }

    void handlerBegins(SearchedProcess p, Work work) {
        int message = message(work.identity.id());
        boolean kept = losses == setting.budget().losses();
        check(!kept || !done[message], "a message that is DONE reaches the handler");
        check(!kept || !dead[message] && !letters[message], "a message whose dead letter is out reaches the handler");
        starts[message]++;
        if (setting.crashPolicy() == CrashPolicy.QUARANTINE && kept) {
            check(starts[message] == 1, "a started handler runs again in spite of QUARANTINE");
        }
        for (SearchedProcess each : processes) {
            for (Work other : each.running) {
                check(
                        other == work || !other.holdsLease(nanos) || other.detached,
                        "two handlers of a key run at once under valid leases");
            }
        }
        check(
                reversed || message == 0 || done[0] || dead[0],
                "the second message of a key reaches the handler before the first is settled");
    }

    /** @return why the handler failed, or null */
    @Nullable
    Throwable handlerEnds(SearchedProcess p, Work work) {
        int message = message(work.identity.id());
        if (message == 0 && setting.nature() == Nature.FAILS_ONCE && starts[0] == 1) {
            return new IllegalStateException("the first attempt fails");
        }
        effects[message]++;
        if (!work.detached && work.holdsLease(nanos)) {
            boolean again = setting.nature() == Nature.DERIVES_REFUSED && work.token == effectToken;
            check(again || work.token > effectToken, "a rightful effect carries a token that is not the highest");
            effectToken = work.token;
        }
        boolean calm = crashes == setting.budget().crashes()
                && lapses == setting.budget().lapses()
                && losses == setting.budget().losses()
                && setting.nature() != Nature.DERIVES_REFUSED;
        check(!calm || effects[message] == 1, "two effects without crash, lapse, loss or a refusal");
        return null;
    }

    boolean derives(Work work) {
        return setting.nature().derives() && message(work.identity.id()) == 0;
    }

    /** @return why it was refused for good, or null */
    @Nullable
    Throwable derivedDecided(Work work) {
        int message = message(work.identity.id());
        if (setting.nature() == Nature.DERIVES_REFUSED && starts[message] == 1) {
            return new IllegalStateException("refused");
        }
        derived[message] = true;
        return null;
    }

    void letterConfirmed(String id) {
        letters[message(id)] = true;
    }

    void acknowledged(int message) {
        check(done[message] || dead[message], "acknowledged before it was settled in the store");
        check(effects[message] > 0 || letters[message], "acknowledged without effect or dead letter");
        acknowledged[message] = true;
    }

    private static int message(String id) {
        return id.equals(ID[0]) ? 0 : 1;
    }

    static void check(boolean holds, String violation) {
        if (!holds) {
            throw new Violation(violation);
        }
    }
}
