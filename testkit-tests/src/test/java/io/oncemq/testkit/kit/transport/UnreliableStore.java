package io.oncemq.testkit.kit.transport;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.InProcessIdempotencyStore;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** A store in memory that can fall silent: commands are then applied and their answers lost, which is the worse case. */
final class UnreliableStore implements IdempotencyStoreFactory {
    private final InProcessIdempotencyStore store =
            new InProcessIdempotencyStore(Clock.systemUTC(), Duration.ofDays(7));
    private volatile boolean silent;

    void silence(boolean on) {
        silent = on;
    }

    void loseData() {
        store.loseData();
    }

    @Override
    public IdempotencyStore open() {
        return new IdempotencyStore() {
            @Override
            public ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease) {
                return losingAnswers(store.group(group, crashPolicy, lease));
            }

            @Override
            public void close() {}
        };
    }

    private ClaimStore losingAnswers(ClaimStore claims) {
        return new ClaimStore() {
            @Override
            public List<StoreAnswer> apply(List<StoreCommand> commands) {
                List<StoreAnswer> answers = claims.apply(commands);
                if (silent) {
                    throw new StoreUnavailableException("silent", null);
                }
                return answers;
            }

            @Override
            public int dataLosses() {
                return claims.dataLosses();
            }

            @Override
            public void close() {}
        };
    }
}
