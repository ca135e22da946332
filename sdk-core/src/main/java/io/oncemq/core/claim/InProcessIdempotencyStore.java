package io.oncemq.core.claim;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.oncemq.CrashPolicy;
import io.oncemq.Finding;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Keeps claims in this process: for tests, and where one process alone consumes and may forget what it did when it ends.
 * Thread-safe; never blocks longer than a map takes. Closing keeps the claims, so that a second client over the same store
 * meets them.
 */
public final class InProcessIdempotencyStore implements IdempotencyStore {
    private final Clock clock;
    private final Duration rememberFor;
    private final Map<String, Claims> groups = new ConcurrentHashMap<>();
    private final Map<List<String>, List<String>> clusters = new ConcurrentHashMap<>();

    /** @param rememberFor for how long a record is kept after its last change */
    public InProcessIdempotencyStore(Clock clock, Duration rememberFor) {
        this.clock = clock;
        this.rememberFor = rememberFor;
    }

    @Override
    public ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease) {
        return new View(groups.computeIfAbsent(group, name -> new Claims()), crashPolicy, lease);
    }

    @Override
    public @Nullable String cluster(String group, String name, String identity, boolean accept) {
        List<String> known =
                clusters.computeIfAbsent(List.of(group, name), first -> new CopyOnWriteArrayList<>(List.of(identity)));
        if (known.contains(identity)) {
            return null;
        }
        if (accept) {
            known.add(identity);
            return null;
        }
        return known.get(0);
    }

    /** Forgets everything, as a server does that restarts without its data; for tests of what follows from that. */
    public void loseData() {
        groups.values().forEach(Claims::lose);
    }

    @Override
    public List<Finding> preflight() {
        return List.of(Finding.violation(
                "idempotency store in this process",
                "idempotency",
                "memory",
                "must outlive the process: messages that were handled before it ended would be handled again",
                "Use idempotency(\"redis://host:6379\") or another store that keeps its records"));
    }

    @Override
    public Duration rememberFor() {
        return rememberFor;
    }

    /** How many records of a group are kept. */
    public int size(String group) {
        Claims claims = groups.get(group);
        return claims == null ? 0 : claims.size();
    }

    @Override
    public void close() {}

    private record Kept(ClaimRecord record, Instant since) {}

    /** What one client knows of a group's claims. */
    private static final class View implements ClaimStore {
        private final Claims claims;
        private final ClaimTable table;
        private final Duration lease;
        private int incarnation;
        private volatile int losses;

        View(Claims claims, CrashPolicy crashPolicy, Duration lease) {
            this.claims = claims;
            this.table = new ClaimTable(crashPolicy, lease);
            this.lease = lease;
            this.incarnation = claims.incarnation();
        }

        @Override
        public List<StoreAnswer> apply(List<StoreCommand> commands) {
            synchronized (claims) {
                if (incarnation != claims.incarnation) {
                    incarnation = claims.incarnation;
                    losses = losses + 1;
                    claims.waitAfterLoss(lease);
                }
                return claims.apply(table, commands);
            }
        }

        @Override
        public int dataLosses() {
            return losses;
        }

        @Override
        public void close() {}
    }

    private final class Claims {
        /** In the order of the last change, so that what is to be forgotten stands in front. */
        private final Map<RecordId, Kept> records = new LinkedHashMap<>();

        private long lastToken;
        private int incarnation;
        private Instant emptySince = Instant.EPOCH;
        private Instant open = Instant.EPOCH;

        synchronized int incarnation() {
            return incarnation;
        }

        synchronized void lose() {
            records.clear();
            lastToken = 0;
            incarnation++;
            emptySince = clock.instant();
        }

        /** Every lease that was granted before the loss has ended by then. */
        synchronized void waitAfterLoss(Duration lease) {
            Instant until = emptySince.plus(lease);
            open = until.isAfter(open) ? until : open;
        }

        synchronized List<StoreAnswer> apply(ClaimTable table, List<StoreCommand> commands) {
            Instant now = clock.instant();
            forget(now);
            List<StoreAnswer> answers = new ArrayList<>(commands.size());
            for (StoreCommand command : commands) {
                Kept kept = records.get(command.id());
                ClaimRecord before = kept == null ? null : kept.record();
                ClaimTable.Step step = ClaimTable.afterLoss(
                        table.apply(before, command, now, () -> nextToken(now)), before, command, now, open);
                keep(command.id(), before, step.record(), now);
                answers.add(step.answer());
            }
            return answers;
        }

        private void keep(RecordId id, @Nullable ClaimRecord before, @Nullable ClaimRecord after, Instant now) {
            if (after == null) {
                records.remove(id);
            } else if (!after.equals(before)) {
                records.remove(id);
                records.put(id, new Kept(after, now));
            }
        }

        private void forget(Instant now) {
            Instant horizon = now.minus(rememberFor);
            Iterator<Kept> eldest = records.values().iterator();
            while (eldest.hasNext() && eldest.next().since().isBefore(horizon)) {
                eldest.remove();
            }
        }

        private long nextToken(Instant now) {
            lastToken = Math.max(lastToken + 1, SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1000);
            return lastToken;
        }

        synchronized int size() {
            return records.size();
        }
    }
}
