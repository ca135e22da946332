package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A clock that goes back. The server's cannot be set here, so its past is: the last token of the shard, which carries the time
 * at which it was given, is moved forward, as a master whose clock was ahead has left it.
 */
class RedisClockIT {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final RecordId BEFORE = new RecordId(1, 1, 1);
    private static final RecordId MEANWHILE = new RecordId(2, 2, 2);

    private RedisServer redis;
    private IdempotencyStore store;

    @BeforeEach
    void start() {
        redis = RedisServer.started();
        store = RedisIdempotency.at(redis.uri())
                .shards(1)
                .timeout(Duration.ofSeconds(30))
                .open();
    }

    @AfterEach
    void stop() {
        store.close();
        redis.close();
    }

    @Test
    void aLeaseGrantedWhileTheClockIsBehindDoesNotLapseEarlyOnceItIsPutRight() {
        Duration step = Duration.ofMinutes(30);
        assertThat(leftOnceTheClockIsPutRight(step)).isBetween(step.plusMinutes(1), step.plus(LEASE));
    }

    @Test
    void aStepOfHoursIsBelieved() {
        assertThat(leftOnceTheClockIsPutRight(Duration.ofHours(2))).isLessThanOrEqualTo(LEASE);
    }

    /** @return what is left of the lease by the server's clock, which then is no longer behind the last token */
    private Duration leftOnceTheClockIsPutRight(Duration step) {
        ClaimStore mine = group();
        assertThat(claim(mine, BEFORE, 1).kind()).isEqualTo(Kind.ACQUIRED);
        moveLastToken(step);
        assertThat(claim(mine, MEANWHILE, 1).kind()).isEqualTo(Kind.ACQUIRED);
        StoreAnswer meanwhile = claim(group(), MEANWHILE, 2);
        assertThat(meanwhile.kind()).isEqualTo(Kind.BUSY);
        assertThat(meanwhile.remaining()).isLessThanOrEqualTo(LEASE);
        moveLastToken(step.negated());
        StoreAnswer later = claim(group(), MEANWHILE, 2);
        assertThat(later.kind()).isEqualTo(Kind.BUSY);
        return later.remaining();
    }

    private ClaimStore group() {
        return store.group("clock", CrashPolicy.REPROCESS, LEASE);
    }

    private void moveLastToken(Duration step) {
        String script = "local m = redis.call('GET', KEYS[1]) "
                + "redis.call('SET', KEYS[1], struct.pack('>I8', struct.unpack('>I8', m) + ARGV[1]) .. string.sub(m, 9)) "
                + "return 'moved'";
        assertThat(RedisConsole.send(
                        redis.port(), "EVAL \"" + script + "\" 1 {oncemq:clock:0}m " + step.toNanos() / 1_000))
                .contains("moved");
    }

    private static StoreAnswer claim(ClaimStore claims, RecordId id, long owner) {
        return claims.apply(List.of(StoreCommand.of(Type.CLAIM, id, new Owner(owner, owner))))
                .get(0);
    }
}
