package io.oncemq.core.consume;

import io.oncemq.BackOff;
import io.oncemq.ConfigurationException;
import java.time.Duration;

/**
 * What the store must remember at least. A record that it forgets while somebody holds it would be claimed by a second owner.
 */
final class MemoryRules {
    private MemoryRules() {}

    /** @throws ConfigurationException if a message may be held for longer than the store remembers */
    static void check(SubscriptionSpec spec, Duration remembered) {
        require(remembered, "lease", spec.lease());
        require(remembered, "handlerTimeout", spec.handlerTimeout());
        BackOff backOff = spec.retry().backOff();
        if (spec.retry().maxAttempts() > 1) {
            require(remembered, "retry", longest(backOff));
        }
    }

    private static Duration longest(BackOff backOff) {
        return backOff.max().plusMillis((long) (backOff.max().toMillis() * backOff.jitter()));
    }

    private static void require(Duration remembered, String property, Duration held) {
        if (remembered.compareTo(held) <= 0) {
            throw new ConfigurationException(
                    property,
                    held,
                    "is not below the " + remembered
                            + " for which the idempotency store remembers a message (rememberFor): it could forget"
                            + " one that is still held, and a second owner would handle it",
                    "Raise rememberFor above the broker's redelivery horizon, or lower " + property);
        }
    }
}
