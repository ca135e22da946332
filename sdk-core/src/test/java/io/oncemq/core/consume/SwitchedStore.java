package io.oncemq.core.consume;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A store that a test can make unreachable, before or after commands are applied. */
final class SwitchedStore implements IdempotencyStore {
    private final IdempotencyStore store;
    final List<StoreCommand> applied = new CopyOnWriteArrayList<>();
    volatile boolean away;
    /** Every call waits for it first. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    volatile boolean answersLost;
    /** The store goes away for good when such a command is to be applied. */
    volatile StoreCommand.@Nullable Type awayFor;
    /** The store goes away for good once such a command was applied. */
    volatile StoreCommand.@Nullable Type answersLostTo;

    SwitchedStore(IdempotencyStore store) {
        this.store = store;
    }

    @Override
    public ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease) {
        ClaimStore claims = store.group(group, crashPolicy, lease);
        return new ClaimStore() {
            @Override
            public List<StoreAnswer> apply(List<StoreCommand> commands) {
                pass();
                if (contains(commands, awayFor)) {
                    away = true;
                }
                if (away) {
                    throw new StoreUnavailableException("the test took the store away", null);
                }
                List<StoreAnswer> answers = claims.apply(commands);
                applied.addAll(commands);
                if (contains(commands, answersLostTo)) {
                    away = true;
                    throw new StoreUnavailableException("the test lost the answers for good", null);
                }
                if (answersLost) {
                    throw new StoreUnavailableException("the test lost the answers", null);
                }
                return answers;
            }

            @Override
            public int dataLosses() {
                return claims.dataLosses();
            }

            @Override
            public void close() {
                claims.close();
            }
        };
    }

    private void pass() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new StoreUnavailableException("interrupted", e);
        }
    }

    private static boolean contains(List<StoreCommand> commands, StoreCommand.@Nullable Type type) {
        return commands.stream().anyMatch(command -> command.type() == type);
    }

    long count(StoreCommand.Type type) {
        return applied.stream().filter(command -> command.type() == type).count();
    }

    @Override
    public @Nullable Duration rememberFor() {
        return store.rememberFor();
    }

    @Override
    public void close() {
        store.close();
    }
}
