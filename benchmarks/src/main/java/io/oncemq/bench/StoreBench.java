package io.oncemq.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/**
 * The store alone: claims and completions in batches against a pipelined SET NX and SET of the same number of keys. Prints the
 * server's CPU time per command (the lowest tenth of all batches, which other load on the machine disturbs least), commands per
 * second, and bytes per remembered id. Arguments: messages, commands per batch.
 */
public final class StoreBench {
    private static final int SHARDS = 4;

    private final RedisServer redis;
    private final int messages;
    private final int batch;
    private final SplittableRandom random = new SplittableRandom(42);

    private StoreBench(RedisServer redis, int messages, int batch) {
        this.redis = redis;
        this.messages = messages;
        this.batch = batch;
    }

    public static void main(String[] words) {
        int messages = words.length > 0 ? Integer.parseInt(words[0]) : 200_000;
        int batch = words.length > 1 ? Integer.parseInt(words[1]) : 500 * SHARDS;
        try (RedisServer redis = RedisServer.builder()
                .asProcess()
                .appendFsync(RedisServer.Fsync.EVERYSEC)
                .build()) {
            redis.start();
            StoreBench bench = new StoreBench(redis, messages, batch);
            bench.raw();
            redis.restartEmpty();
            bench.store();
        }
    }

    private void store() {
        try (Jedis console = new Jedis("127.0.0.1", redis.port());
                IdempotencyStore store = RedisIdempotency.at(redis.uri())
                        .shards(SHARDS)
                        .timeout(Duration.ofMinutes(1))
                        .open();
                ClaimStore claims = store.group("bench", CrashPolicy.REPROCESS, Duration.ofSeconds(30))) {
            Measure measure = new Measure(console);
            for (int from = 0; from < messages; from += batch) {
                List<StoreCommand> claim = new ArrayList<>(batch);
                List<StoreCommand> complete = new ArrayList<>(batch);
                for (int i = 0; i < batch; i++) {
                    RecordId id = new RecordId(random.nextLong(), random.nextLong(), random.nextInt());
                    Owner owner = new Owner(1, from + i);
                    claim.add(StoreCommand.of(StoreCommand.Type.CLAIM, id, owner));
                    complete.add(new StoreCommand(
                            StoreCommand.Type.COMPLETE, id, owner, 0, 0, random.nextInt() | 1, false, ""));
                }
                measure.first(() -> expect(StoreAnswer.Kind.ACQUIRED, claims.apply(claim)));
                measure.second(() -> expect(StoreAnswer.Kind.OK, claims.apply(complete)));
            }
            measure.print("claim", "complete");
        }
    }

    private void raw() {
        try (Jedis console = new Jedis("127.0.0.1", redis.port());
                Connection connection = new Connection("127.0.0.1", redis.port())) {
            Measure measure = new Measure(console);
            for (int from = 0; from < messages; from += batch) {
                List<byte[]> keys = new ArrayList<>(batch);
                for (int i = 0; i < batch; i++) {
                    keys.add(("bench:" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()))
                            .getBytes(US_ASCII));
                }
                measure.first(() -> set(connection, keys, "1", "NX", "EX", "604800"));
                measure.second(() -> set(connection, keys, "2", "EX", "604800"));
            }
            measure.print("SET NX", "SET");
        }
    }

    private static void set(Connection connection, List<byte[]> keys, String... words) {
        byte[][] rest =
                Arrays.stream(words).map(word -> word.getBytes(US_ASCII)).toArray(byte[][]::new);
        for (byte[] key : keys) {
            byte[][] all = new byte[rest.length + 1][];
            all[0] = key;
            System.arraycopy(rest, 0, all, 1, rest.length);
            connection.sendCommand(Command.SET, all);
        }
        connection.getMany(keys.size());
    }

    private static void expect(StoreAnswer.Kind kind, List<StoreAnswer> answers) {
        for (StoreAnswer answer : answers) {
            if (answer.kind() != kind) {
                throw new IllegalStateException("the store answered " + answer + " instead of " + kind);
            }
        }
    }

    private final class Measure {
        private final Jedis console;
        private final long memory;
        private final List<Double> first = new ArrayList<>();
        private final List<Double> second = new ArrayList<>();
        private long nanos;

        Measure(Jedis console) {
            this.console = console;
            this.memory = (long) info("memory", "used_memory");
        }

        void first(Runnable work) {
            first.add(cpu(work));
        }

        void second(Runnable work) {
            second.add(cpu(work));
        }

        private double cpu(Runnable work) {
            double before = info("cpu", "used_cpu_user") + info("cpu", "used_cpu_sys");
            long from = System.nanoTime();
            work.run();
            nanos += System.nanoTime() - from;
            return (info("cpu", "used_cpu_user") + info("cpu", "used_cpu_sys") - before) * 1e6 / batch;
        }

        void print(String one, String two) {
            System.out.printf(
                    "%,d messages: %s %.2f µs, %s %.2f µs of the server's CPU; %,.0f commands/s; %.1f bytes per id%n",
                    messages,
                    one,
                    lowestTenth(first),
                    two,
                    lowestTenth(second),
                    2e9 * messages / nanos,
                    (info("memory", "used_memory") - memory) / messages);
        }

        private double info(String section, String field) {
            String text = console.info(section);
            int at = text.indexOf("\n" + field + ":") + field.length() + 2;
            return Double.parseDouble(text.substring(at, text.indexOf('\r', at)));
        }
    }

    private static double lowestTenth(List<Double> values) {
        return values.stream()
                .sorted()
                .limit(Math.max(1, values.size() / 10))
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }
}
