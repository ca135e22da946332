package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.RetryPolicy;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two members of a group, over a log that a test plays, while shards are revoked and lost, handlers fail and the store goes
 * away: the engine's own logic, not a proof about any broker.
 */
@Timeout(120)
class HandoverChaosTest {
    private static final int SHARDS = 3;
    private static final int PER_SHARD = 400;
    private static final int KEYS = 9;

    private record Entry(String id, String key, int number) {}

    private final Map<String, List<Integer>> effects = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> effectsOfId = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    private final List<String> atOnce = new CopyOnWriteArrayList<>();

    private final List<List<Entry>> log = new ArrayList<>();
    private final EngineHarness[] members = new EngineHarness[2];
    private final @Nullable Shard[] assignment = new @Nullable Shard[SHARDS];
    private final int[] owner = new int[SHARDS];
    private final long[] committed = new long[SHARDS];
    private final long[] fed = new long[SHARDS];

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void everyMessageHasOneEffectInItsKeysOrder(long seed) {
        Random random = new Random(seed);
        writeLog(random);
        IdempotencyStore shared = InProcessIdempotency.create().open();
        for (int i = 0; i < members.length; i++) {
            members[i] = new EngineHarness(new SwitchedStore(shared));
            EngineHarness member = members[i];
            member.start(
                    member.subscribe()
                            .concurrency(8)
                            .maxInFlight(200)
                            .retry(RetryPolicy.builder()
                                    .fixed(Duration.ofMillis(2))
                                    .maxAttempts(1000)
                                    .build()),
                    delivery -> handle(
                            delivery.id(),
                            String.valueOf(delivery.key()),
                            new Random(31 * (31 * seed + delivery.id().hashCode()) + delivery.attempt())));
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            committed[shard] = -1;
            assign(shard, random.nextInt(2));
        }
        for (int step = 0; step < 400; step++) {
            disturb(random);
        }
        finish(seed);

        assertThat(atOnce).as("seed %d: handled twice at once", seed).isEmpty();
        assertThat(effectsOfId).as("seed %d", seed).hasSize(SHARDS * PER_SHARD);
        assertThat(effectsOfId.values().stream().filter(count -> count.get() > 1))
                .as("seed %d: no process died, so no effect may come twice", seed)
                .isEmpty();
        effects.forEach((key, numbers) ->
                assertThat(numbers).as("seed %d, key %s", seed, key).isSorted());
        for (EngineHarness member : members) {
            member.close();
        }
    }

    private void writeLog(Random random) {
        int[] numbers = new int[KEYS];
        for (int shard = 0; shard < SHARDS; shard++) {
            List<Entry> entries = new ArrayList<>();
            while (entries.size() < PER_SHARD) {
                int key = shard + SHARDS * random.nextInt(KEYS / SHARDS);
                int number = numbers[key]++;
                entries.add(new Entry(key + "-" + number, "key-" + key, number));
            }
            log.add(entries);
        }
    }

    /** @param random the same for each run of an attempt: what strikes follows from the seed, only threads race */
    private void handle(String id, String key, Random random) {
        if (running.computeIfAbsent(key, any -> new AtomicInteger()).incrementAndGet() > 1) {
            atOnce.add(id);
        }
        try {
            if (random.nextInt(100) < 5) {
                throw new IllegalStateException("at random");
            }
            if (random.nextInt(100) < 10) {
                LockSupport.parkNanos(random.nextInt(3_000_000));
            }
            effects.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>())
                    .add(Integer.valueOf(id.substring(id.indexOf('-') + 1)));
            effectsOfId.computeIfAbsent(id, any -> new AtomicInteger()).incrementAndGet();
        } finally {
            running.get(key).decrementAndGet();
        }
    }

    private void disturb(Random random) {
        int shard = random.nextInt(SHARDS);
        int dice = random.nextInt(100);
        if (dice < 70) {
            feed(shard, 1 + random.nextInt(20));
        } else if (dice < 80) {
            members[owner[shard]].source.revoke(current(shard));
            moved(shard, random.nextInt(2));
        } else if (dice < 88) {
            members[owner[shard]].source.lose(current(shard));
            moved(shard, random.nextInt(2));
        } else if (dice < 94) {
            members[random.nextInt(2)].store.away = true;
        } else if (dice < 97) {
            members[random.nextInt(2)].store.answersLost = true;
        } else {
            heal();
        }
        LockSupport.parkNanos(random.nextLong(2_000_000));
    }

    private void heal() {
        for (EngineHarness member : members) {
            member.store.away = false;
            member.store.answersLost = false;
        }
    }

    private Shard current(int shard) {
        Shard now = assignment[shard];
        if (now == null) {
            throw new IllegalStateException("never unassigned");
        }
        heal();
        return now;
    }

    private void moved(int shard, int to) {
        committed[shard] = Math.max(committed[shard], members[owner[shard]].source.through(current(shard)));
        assign(shard, to);
    }

    private void assign(int shard, int to) {
        owner[shard] = to;
        assignment[shard] = members[to].source.assign("orders-" + shard);
        fed[shard] = committed[shard] + 1;
    }

    private void feed(int shard, int count) {
        Shard now = assignment[shard];
        for (int i = 0; i < count && fed[shard] < PER_SHARD && now != null; i++) {
            Entry entry = log.get(shard).get((int) fed[shard]);
            members[owner[shard]].source.deliver(now, fed[shard], entry.id, entry.key, "body");
            fed[shard]++;
        }
    }

    private void finish(long seed) {
        heal();
        for (int shard = 0; shard < SHARDS; shard++) {
            feed(shard, PER_SHARD);
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            Shard last = current(shard);
            EngineHarness member = members[owner[shard]];
            long before = committed[shard];
            await("seed " + seed + ", shard " + shard)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Math.max(before, member.source.through(last)) == PER_SHARD - 1);
        }
    }
}
