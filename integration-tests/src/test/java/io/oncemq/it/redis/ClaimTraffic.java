package io.oncemq.it.redis;

import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Processes that claim and complete the messages of one group as the engine does, and keep a history of their own: who holds
 * what, and what is done. Whatever the store answers against it is a violation. Leases are long, so none may lapse. Each process
 * has a thread per shard, so that a shard that waits holds up no other.
 */
final class ClaimTraffic implements AutoCloseable {
    static final int SHARDS = 4;

    private static final int BATCH = 40;
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final Map<RecordId, Owner> holders = new ConcurrentHashMap<>();
    private final Set<RecordId> done = ConcurrentHashMap.newKeySet();
    private final Queue<Violation> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLongArray answered = new AtomicLongArray(SHARDS);
    private final List<Thread> workers = new ArrayList<>();
    private final List<IdempotencyStore> stores = new ArrayList<>();
    private final List<List<RecordId>> messages = new ArrayList<>();
    private volatile boolean stopped;

    private record Violation(int shard, String text) {}

    ClaimTraffic(RedisIdempotency redis, String group, int processes, int messagesPerShard) {
        SplittableRandom ids = new SplittableRandom(11);
        for (int shard = 0; shard < SHARDS; shard++) {
            messages.add(messages(ids, shard, messagesPerShard));
        }
        for (int process = 0; process < processes; process++) {
            IdempotencyStore store = redis.shards(SHARDS).open();
            stores.add(store);
            ClaimStore claims = store.group(group, CrashPolicy.REPROCESS, LEASE);
            for (int shard = 0; shard < SHARDS; shard++) {
                int place = shard;
                long owner = (long) process * SHARDS + shard + 1;
                Thread worker = new Thread(() -> work(claims, place, owner), "traffic-" + owner);
                workers.add(worker);
                worker.start();
            }
        }
    }

    private static List<RecordId> messages(SplittableRandom random, int shard, int count) {
        return Stream.generate(() -> new RecordId(random.nextLong(), random.nextLong(), random.nextInt()))
                .filter(id -> shard(id) == shard)
                .limit(count)
                .toList();
    }

    static int shard(RecordId id) {
        return KeyHash.place(id.keyHash(), SHARDS);
    }

    /** How many claims of a shard were answered so far. */
    long answered(int shard) {
        return answered.get(shard);
    }

    Set<RecordId> done() {
        return Set.copyOf(done);
    }

    List<String> violations() {
        return violations.stream().map(Violation::text).toList();
    }

    List<String> violations(int shard) {
        return violations.stream()
                .filter(violation -> violation.shard() == shard)
                .map(Violation::text)
                .toList();
    }

    private void work(ClaimStore claims, int shard, long process) {
        SplittableRandom random = new SplittableRandom(process);
        List<RecordId> choice = messages.get(shard);
        try {
            for (long delivery = 1; !stopped; delivery++) {
                Set<RecordId> batch = new HashSet<>();
                for (int i = 0; i < BATCH; i++) {
                    batch.add(choice.get(random.nextInt(choice.size())));
                }
                turn(claims, new Owner(process, delivery), List.copyOf(batch));
            }
        } catch (RuntimeException e) {
            violations.add(new Violation(shard, "a process ended: " + e));
        }
    }

    private void violated(RecordId id, String text) {
        violations.add(new Violation(shard(id), id + " " + text));
    }

    private void turn(ClaimStore claims, Owner owner, List<RecordId> batch) {
        List<RecordId> mine = new ArrayList<>();
        answered(claims, Type.CLAIM, owner, batch).forEach((id, kind) -> {
            answered.incrementAndGet(shard(id));
            if (kind == Kind.ACQUIRED || kind == Kind.MINE) {
                Owner other = holders.putIfAbsent(id, owner);
                if (other != null) {
                    violated(id, "is claimed twice, by " + other + " and " + owner);
                }
                if (done.contains(id)) {
                    violated(id, "was done and is claimed again");
                }
                mine.add(id);
            } else if (kind != Kind.BUSY && kind != Kind.DONE) {
                violated(id, "is answered " + kind + " when claimed");
            }
        });
        answered(claims, Type.COMPLETE, owner, mine).forEach((id, kind) -> {
            if (kind != Kind.OK) {
                violated(id, "is answered " + kind + " when completed");
            }
            done.add(id);
            holders.remove(id, owner);
        });
    }

    /** Repeats, with the same owner, whatever is not answered. */
    private Map<RecordId, Kind> answered(ClaimStore claims, Type type, Owner owner, List<RecordId> ids) {
        Map<RecordId, Kind> answers = new ConcurrentHashMap<>();
        List<StoreCommand> open =
                ids.stream().map(id -> StoreCommand.of(type, id, owner)).toList();
        while (!open.isEmpty()) {
            List<StoreCommand> unknown = new ArrayList<>();
            List<StoreAnswer> heard = heard(claims, open);
            for (int i = 0; i < open.size(); i++) {
                if (heard.get(i).kind() == Kind.UNKNOWN) {
                    unknown.add(open.get(i).repeat());
                } else {
                    answers.put(open.get(i).id(), heard.get(i).kind());
                }
            }
            if (stopped && !unknown.isEmpty()) {
                return answers;
            }
            if (!unknown.isEmpty()) {
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            open = unknown;
        }
        return answers;
    }

    private static List<StoreAnswer> heard(ClaimStore claims, List<StoreCommand> open) {
        try {
            return claims.apply(open);
        } catch (StoreUnavailableException away) {
            return open.stream().map(command -> StoreAnswer.of(Kind.UNKNOWN)).toList();
        }
    }

    /** Waits for the processes to end. */
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread worker : workers) {
            worker.join();
        }
        stores.forEach(IdempotencyStore::close);
    }
}
