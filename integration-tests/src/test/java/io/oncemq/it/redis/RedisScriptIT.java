package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.InProcessIdempotencyStore;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.testkit.server.RedisServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The script and the claim table, side by side. Leases are so long that they never lapse, or so short that they have lapsed
 * by the next batch; a store that remembers for twice as long begins a new generation. Half of the sequences lose all data.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisScriptIT {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final int GENERATIONS = 6;
    private static final int BATCHES = 24;
    private static final int SEEDS = 80;

    private final List<IdempotencyStore> stores = new ArrayList<>();
    private RedisServer redis;

    @BeforeAll
    void start() {
        redis = RedisServer.started();
        for (int i = 0; i < GENERATIONS; i++) {
            stores.add(RedisIdempotency.at(redis.uri())
                    .rememberFor(Duration.ofDays(7L << i))
                    .shards(2)
                    .timeout(Duration.ofSeconds(30))
                    .open());
        }
    }

    @AfterAll
    void stop() {
        stores.forEach(IdempotencyStore::close);
        redis.close();
    }

    static LongStream seeds() {
        return LongStream.range(0, SEEDS).map(i -> System.nanoTime() * 31 + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void answersAsTheTableDoes(long seed) {
        CommandSequences sequences = new CommandSequences(seed);
        CrashPolicy policy = CrashPolicy.values()[(int) (seed & 1)];
        MovableClock clock = new MovableClock();
        InProcessIdempotencyStore model = new InProcessIdempotencyStore(clock, Duration.ofDays(365));
        String group = "seed" + seed;
        int generation = 0;
        int lossAt = sequences.random().nextInt(2 * BATCHES);
        for (int i = 0; i < BATCHES; i++) {
            Duration lease = sequences.random().nextBoolean() ? LONG : SHORT;
            if (sequences.random().nextInt(4) == 0) {
                generation = Math.min(generation + 1, GENERATIONS - 1);
            }
            List<StoreCommand> batch = sequences.batch();
            ClaimStore claims = stores.get(generation).group(group, policy, lease);
            ClaimStore expectedClaims = model.group(group, policy, lease);
            if (i == lossAt) {
                RedisConsole.send(redis.port(), "FLUSHALL");
                model.loseData();
            }
            List<StoreAnswer> answers = claims.apply(batch);
            List<StoreAnswer> expected = expectedClaims.apply(batch);
            assertThat(claims.dataLosses()).isEqualTo(expectedClaims.dataLosses());
            for (int k = 0; k < batch.size(); k++) {
                compare(
                        "seed %d, batch %d, %s of %s".formatted(seed, i, batch.get(k), batch),
                        answers.get(k),
                        expected.get(k));
            }
            clock.forward();
            awaitNextMillis();
        }
    }

    private void compare(String about, StoreAnswer answer, StoreAnswer expected) {
        assertThat(answer.kind()).as(about).isEqualTo(expected.kind());
        assertThat(answer.attempt()).as(about).isEqualTo(expected.attempt());
        assertThat(answer.cause()).as(about).isEqualTo(expected.cause());
        assertThat(answer.suspect()).as(about).isEqualTo(expected.suspect());
        assertThat(answer.otherPayload()).as(about).isEqualTo(expected.otherPayload());
        assertThat(answer.token() == 0).as(about).isEqualTo(expected.token() == 0);
        if (answer.kind() == Kind.BUSY) {
            assertThat(answer.remaining()).as(about).isPositive().isLessThanOrEqualTo(LONG);
        }
    }

    /** Long enough for the shortest lease to lapse by the server's clock. */
    private static void awaitNextMillis() {
        long from = System.nanoTime();
        while (System.nanoTime() - from < 3_000_000) {
            Thread.onSpinWait();
        }
    }

    private static final class MovableClock extends Clock {
        private Instant now = Instant.ofEpochSecond(1_000_000);

        void forward() {
            now = now.plusMillis(10);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
