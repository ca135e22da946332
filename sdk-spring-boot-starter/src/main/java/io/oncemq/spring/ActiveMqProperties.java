package io.oncemq.spring;

import org.jspecify.annotations.Nullable;

/** What is particular to ActiveMQ Classic. */
public class ActiveMqProperties extends JmsProperties {
    /** How many messages the broker may send ahead from each queue; the same for all members of a group. Default: 100. */
    private @Nullable Integer prefetch;

    public @Nullable Integer getPrefetch() {
        return prefetch;
    }

    public void setPrefetch(@Nullable Integer prefetch) {
        this.prefetch = prefetch;
    }
}
