package io.oncemq.testkit.server;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves threads or child processes behind.
 *
 * <p>Use it as {@code @ExtendWith(LeakCheck.class)}, which looks for the threads of OnceMQ, of Kafka's clients and of
 * Jedis, or with other names of threads as {@code @RegisterExtension static final LeakCheck leaks = LeakCheck.threads(…)}.
 * It runs after the class's own {@code @AfterAll} methods and gives what is ending up to 30 seconds to end. Test classes
 * that run at the same time in one JVM are charged for each other's threads.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> prefixes;
    private final Map<String, LiveSnapshot> before = new ConcurrentHashMap<>();

    /** Looks for threads whose names begin with {@code oncemq-}, {@code kafka-} or {@code jedis-}. */
    public LeakCheck() {
        this(List.of("oncemq-", "kafka-", "jedis-"));
    }

    private LeakCheck(List<String> prefixes) {
        this.prefixes = prefixes;
    }

    /** Looks for threads whose names begin with one of these. */
    public static LeakCheck threads(String... prefixes) {
        return new LeakCheck(List.of(prefixes));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        before.put(context.getUniqueId(), LiveSnapshot.take(prefixes));
    }

    /**
     * @throws AssertionError if threads or child processes started since {@link #beforeAll} are still there
     */
    @Override
    public void afterAll(ExtensionContext context) {
        LiveSnapshot snapshot = before.remove(context.getUniqueId());
        if (snapshot != null) {
            List<String> left = snapshot.awaitNothingNew(PATIENCE);
            if (!left.isEmpty()) {
                throw new AssertionError(context.getDisplayName() + " left behind:\n" + String.join("\n", left));
            }
        }
    }
}
