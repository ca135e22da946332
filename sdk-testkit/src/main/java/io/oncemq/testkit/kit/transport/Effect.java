package io.oncemq.testkit.kit.transport;

import org.jspecify.annotations.Nullable;

/**
 * One effect of one handler.
 *
 * @param consumer which process or client had it
 * @param token the fencing token, or −1 without a store
 */
record Effect(
        String consumer,
        String id,
        @Nullable String key,
        @Nullable String body,
        int attempt,
        long token) {}
