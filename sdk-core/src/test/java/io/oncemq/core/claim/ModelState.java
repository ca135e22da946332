package io.oncemq.core.claim;

import io.oncemq.core.claim.Scenario.Budget;
import io.oncemq.spi.Owner;
import io.oncemq.spi.StoreCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything at one moment: the store, the broker, both processes, and what an observer has seen. */
final class ModelState {
    final @Nullable ClaimRecord[] records = new ClaimRecord[2];
    long lastToken;
    /** Stands for the store's clock in µs: never below a token that was given out. */
    long clock;

    boolean tokensFromClock;
    /** It lost its data, and grants no new claim until every lease of before has ended. */
    boolean storeWaits;

    final boolean[] present = new boolean[4];
    final boolean[] acknowledged = new boolean[4];
    int partitionOwner;

    final List<ModelDelivery> deliveries = new ArrayList<>();
    final long[] laneToken = new long[2];
    long nextOwner = 1;

    /** A command whose sender gave up waiting, and that may still arrive. */
    @Nullable
    StoreCommand late;

    int lateMessage;
    Budget left = Budget.NOTHING;

    final int[] effects = new int[2];
    final int[] starts = new int[4];
    final boolean[] doneOnce = new boolean[2];
    final int[] buried = {-1, -1};
    final int[] deadLetters = {-1, -1};
    long effectToken;

    ModelState copy() {
        ModelState other = new ModelState();
        System.arraycopy(records, 0, other.records, 0, 2);
        other.lastToken = lastToken;
        other.clock = clock;
        other.tokensFromClock = tokensFromClock;
        other.storeWaits = storeWaits;
        System.arraycopy(present, 0, other.present, 0, 4);
        System.arraycopy(acknowledged, 0, other.acknowledged, 0, 4);
        other.partitionOwner = partitionOwner;
        deliveries.forEach(delivery -> other.deliveries.add(delivery.copy()));
        System.arraycopy(laneToken, 0, other.laneToken, 0, 2);
        other.nextOwner = nextOwner;
        other.late = late;
        other.lateMessage = lateMessage;
        other.left = left;
        System.arraycopy(effects, 0, other.effects, 0, 2);
        System.arraycopy(starts, 0, other.starts, 0, 4);
        System.arraycopy(doneOnce, 0, other.doneOnce, 0, 2);
        System.arraycopy(buried, 0, other.buried, 0, 2);
        System.arraycopy(deadLetters, 0, other.deadLetters, 0, 2);
        other.effectToken = effectToken;
        return other;
    }

    long nextToken() {
        lastToken = tokensFromClock ? Math.max(lastToken + 1, clock + 1) : lastToken + 1;
        clock = Math.max(clock, lastToken);
        return lastToken;
    }

    boolean settled() {
        for (int copy = 0; copy < 4; copy++) {
            if (present[copy] && !acknowledged[copy]) {
                return false;
            }
        }
        return true;
    }

    /** Equal for states that differ only in the names of owners and in the distance of tokens. */
    long fingerprint() {
        long[] tokens = tokens();
        Mix mix = new Mix();
        for (ClaimRecord record : records) {
            mixRecord(mix, record, tokens);
        }
        mix.add(rank(tokens, lastToken));
        for (int copy = 0; copy < 4; copy++) {
            mix.add((present[copy] ? 1 : 0) + (acknowledged[copy] ? 2 : 0));
        }
        mix.add(partitionOwner + (storeWaits ? 2 : 0));
        for (ModelDelivery d : deliveries) {
            mix.add(d.process + 2 * d.copy + 8 * d.step.ordinal() + 128 * d.attempt);
            mix.add((d.stale ? 1 : 0) + (d.leaseHeld ? 2 : 0) + (d.suspect ? 4 : 0) + (d.repeated ? 8 : 0));
            mix.add(rank(tokens, d.token));
        }
        mixLate(mix);
        mix.add(left.hashCode());
        for (int m = 0; m < 2; m++) {
            mix.add(8L * starts[2 * m] + 1024L * starts[2 * m + 1]);
            mix.add(effects[m] + (doneOnce[m] ? 64 : 0) + 128L * (buried[m] + 1));
            mix.add(deadLetters[m] + 1 + 4L * rank(tokens, laneToken[m]));
        }
        mix.add(rank(tokens, effectToken));
        return mix.value();
    }

    private void mixRecord(Mix mix, @Nullable ClaimRecord record, long[] tokens) {
        if (record == null) {
            mix.add(-7);
            return;
        }
        mix.add(record.phase().ordinal() + 16L * record.attempt() + 256L * record.generation());
        mix.add(ownerIndex(record.owner()) + 64L * (record.lapsed(ClaimTableMatrix.NOW) ? 1 : 0));
        mix.add(rank(tokens, record.token()) * 2L + (record.suspect() ? 1 : 0));
    }

    private void mixLate(Mix mix) {
        StoreCommand command = late;
        if (command == null) {
            mix.add(-9);
        } else {
            mix.add(command.type().ordinal() + 16L * command.attempt() + 256L * command.generation());
            mix.add(ownerIndex(command.owner()) + 64L * lateMessage + (command.repeated() ? 128 : 0));
        }
    }

    private int ownerIndex(Owner owner) {
        if (owner.equals(ClaimRecord.NOBODY)) {
            return 40;
        }
        for (int i = 0; i < deliveries.size(); i++) {
            if (deliveries.get(i).owner.equals(owner)) {
                return i;
            }
        }
        StoreCommand command = late;
        return command != null && command.owner().equals(owner) ? 41 : 42;
    }

    private long[] tokens() {
        long[] all = new long[7 + deliveries.size()];
        int n = 0;
        for (ClaimRecord record : records) {
            all[n++] = record == null ? 0 : record.token();
        }
        all[n++] = lastToken;
        all[n++] = clock;
        all[n++] = effectToken;
        all[n++] = laneToken[0];
        all[n++] = laneToken[1];
        for (ModelDelivery delivery : deliveries) {
            all[n++] = delivery.token;
        }
        return Arrays.stream(all).sorted().distinct().toArray();
    }

    private static int rank(long[] tokens, long token) {
        return Arrays.binarySearch(tokens, token);
    }

    /** A 64-bit hash; with a million states the chance of any collision is 1 to 30 million. */
    private static final class Mix {
        private long hash = 0x9E3779B97F4A7C15L;

        void add(long value) {
            hash = (hash ^ value) * 0xBF58476D1CE4E5B9L;
            hash ^= hash >>> 29;
            hash *= 0x94D049BB133111EBL;
            hash ^= hash >>> 32;
        }

        long value() {
            return hash;
        }
    }
}
