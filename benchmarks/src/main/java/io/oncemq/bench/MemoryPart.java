package io.oncemq.bench;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.Owner;
import io.oncemq.spi.Providers;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What Redis needs to remember a message that is done: the growth of its used_memory, over the number of ids. */
final class MemoryPart {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int BATCH = 500;

    private final Store store;
    private final Consumer<String> progress;
    private final SplittableRandom random = new SplittableRandom(42);

    MemoryPart(Store store, Consumer<String> progress) {
        this.store = store;
        this.progress = progress;
    }

    /** Measures each size on a Redis that knows nothing. */
    void run(List<Integer> sizes, Report report) {
        report.heading("memory");
        Map<String, Object> all = new LinkedHashMap<>();
        for (int size : sizes) {
            double perId = measure(size);
            progress.accept("%,d ids: %.1f bytes per id".formatted(size, perId));
            report.bytes(size, perId);
            all.put(Integer.toString(size), Report.rounded(perId, 10));
            report.field("bytesPerId", Report.rounded(perId, 10));
        }
        report.field("bytesPerIdBySize", all);
        store.empty();
    }

    private double measure(int ids) {
        store.empty();
        try (IdempotencyStore opened = Providers.store(store.uri()).open();
                ClaimStore claims = opened.group("memory", CrashPolicy.REPROCESS, LEASE)) {
            long before = store.usedMemory();
            for (int from = 0; from < ids; from += BATCH) {
                remember(claims, from, Math.min(BATCH, ids - from));
            }
            return (double) (store.usedMemory() - before) / ids;
        }
    }

    private void remember(ClaimStore claims, int from, int count) {
        List<StoreCommand> claim = new ArrayList<>(count);
        List<StoreCommand> complete = new ArrayList<>(count);
        for (int i = from; i < from + count; i++) {
            int keyHash = KeyHash.of("customer-" + random.nextInt(Workload.KEYS));
            RecordId id = new RecordId(random.nextLong(), random.nextLong(), keyHash);
            Owner owner = new Owner(1, i);
            int fingerprint = random.nextInt();
            claim.add(new StoreCommand(StoreCommand.Type.CLAIM, id, owner, 0, 0, fingerprint, false, ""));
            complete.add(new StoreCommand(StoreCommand.Type.COMPLETE, id, owner, 0, 0, fingerprint, false, ""));
        }
        expect(StoreAnswer.Kind.ACQUIRED, claims.apply(claim));
        expect(StoreAnswer.Kind.OK, claims.apply(complete));
    }

    private static void expect(StoreAnswer.Kind kind, List<StoreAnswer> answers) {
        for (StoreAnswer answer : answers) {
            if (answer.kind() != kind) {
                throw new IllegalStateException("the store answered " + answer + " instead of " + kind);
            }
        }
    }
}
