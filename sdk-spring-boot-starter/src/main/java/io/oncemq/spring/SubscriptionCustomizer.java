package io.oncemq.spring;

import io.oncemq.SubscriptionBuilder;

/** Changes the subscription of a listener before it starts, after annotation and properties were applied. */
@FunctionalInterface
public interface SubscriptionCustomizer {
    /** @param listener its id */
    void customize(String listener, SubscriptionBuilder<?> builder);
}
