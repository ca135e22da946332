package io.oncemq.spi;

import io.oncemq.CrashPolicy;
import io.oncemq.Finding;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers which messages each group has claimed and done. Thread-safe. */
public interface IdempotencyStore extends AutoCloseable {
    /**
     * The claims of one group. Blocks until the store has answered.
     *
     * @param lease for how long a claim holds without renewal
     * @throws io.oncemq.ConfigurationException if the group was created with another layout
     */
    ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease);

    /**
     * As {@link #group}, for an instance of a broadcast group, which may never come back. Once no process has used the instance for longer
     * than {@link #rememberFor}, the store may forget all of it; this does not count as a loss of data.
     */
    default ClaimStore instance(String group, CrashPolicy crashPolicy, Duration lease) {
        return group(group, crashPolicy, lease);
    }

    /**
     * Remembers for which cluster a group uses a name, the first one that asks. Blocks until the store has answered.
     *
     * @param group as for {@link #group}
     * @param name what the application calls the cluster
     * @param identity what the broker says of itself
     * @param accept whether this identity is to be remembered beside the others of that name
     * @return null if the identity belongs to the name, else the one that came first
     */
    default @Nullable String cluster(String group, String name, String identity, boolean accept) {
        return null;
    }

    /**
     * What the store's settings mean for {@link io.oncemq.Profile#DURABLE}. Reports only; what the credentials may not read is a
     * finding too. Blocks.
     *
     * @throws io.oncemq.ConnectionException if the store does not answer
     */
    default List<Finding> preflight() {
        return List.of(Finding.unchecked(
                "idempotency store",
                "preflight",
                "this store does not read its server's settings",
                "must be known to keep its records",
                "Accept it by name with acceptUnchecked(\"preflight\", reason) once you have checked it"));
    }

    /**
     * Asks each of its servers for a sign of life. Blocks.
     *
     * @throws io.oncemq.ConnectionException if one does not answer
     */
    default void ping() {
        preflight();
    }

    /** For how long a message is at least remembered; null if that is not known. */
    default @Nullable Duration rememberFor() {
        return null;
    }

    /** Closes every connection. Idempotent. */
    @Override
    void close();
}
