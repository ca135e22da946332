package io.oncemq.spring;

import io.oncemq.Subscription;
import io.oncemq.spi.support.Waits;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts listeners again that have failed: each after a wait of its own, which doubles while it fails again, and
 * begins anew once it has run for a while. Belongs to one thread, which looks from time to time.
 */
final class Restarts {
    static final Duration SHORTEST = Duration.ofMillis(100);
    static final Duration MOST = Duration.ofHours(1);
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofMinutes(1);
    /** A listener that has run for so long has recovered. */
    static final Duration RECOVERED = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(Restarts.class);

    /** How long a listener waits before it is restarted: the first time, and at most. */
    record Waiting(Duration first, Duration longest) {
        static final Waiting DEFAULT = new Waiting(FIRST, LONGEST);
    }

    private static final class Trouble {
        int failures;

        @Nullable
        Long restartAt;

        long runsSince;
    }

    private final LongSupplier ticker;
    private final Map<String, Trouble> troubles = new HashMap<>();

    /** @param ticker monotonic nanoseconds */
    Restarts(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** Looks at one listener. What restarting it throws is logged, and it is tried again later. */
    void look(String id, Subscription subscription, Waiting waiting) {
        if (subscription.state() == Subscription.State.FAILED) {
            failed(id, subscription, waiting);
        } else {
            runs(id);
        }
    }

    private void failed(String id, Subscription subscription, Waiting waiting) {
        Trouble trouble = troubles.computeIfAbsent(id, any -> new Trouble());
        long now = ticker.getAsLong();
        Long restartAt = trouble.restartAt;
        if (restartAt == null) {
            Duration wait = Waits.doubling(waiting.first(), waiting.longest(), trouble.failures++);
            trouble.restartAt = now + wait.toNanos();
            LOG.warn(
                    "a listener has failed and is restarted: listener={} in={} failures={}",
                    id,
                    wait,
                    trouble.failures);
        } else if (now - restartAt >= 0) {
            trouble.restartAt = null;
            trouble.runsSince = now;
            try {
                subscription.restart();
            } catch (Throwable e) {
                // Also an error, such as a thread that cannot be created now: the others, and later tries, must not end
                // with it.
                LOG.warn("a listener cannot be restarted: listener={}", id, e);
            }
        }
    }

    private void runs(String id) {
        Trouble trouble = troubles.get(id);
        if (trouble == null) {
            return;
        }
        if (trouble.restartAt != null) {
            // Somebody else has started it again.
            trouble.restartAt = null;
            trouble.runsSince = ticker.getAsLong();
        } else if (ticker.getAsLong() - trouble.runsSince >= RECOVERED.toNanos()) {
            troubles.remove(id);
        }
    }
}
