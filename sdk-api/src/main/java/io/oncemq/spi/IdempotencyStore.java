package io.oncemq.spi;

import io.oncemq.CrashPolicy;
import java.time.Duration;

/** Remembers which messages each group has claimed and done. Thread-safe. */
public interface IdempotencyStore extends AutoCloseable {
    /**
     * The claims of one group. Blocks until the store has answered.
     *
     * @param lease for how long a claim holds without renewal
     * @throws io.oncemq.ConfigurationException if the group was created with another layout
     */
    ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease);

    /** Closes every connection. Idempotent. */
    @Override
    void close();
}
