package io.oncemq.jms;

import io.oncemq.ConfigurationException;

/**
 * What {@link ActiveMq} was told. Immutable.
 *
 * @param prefetch messages that the broker sends ahead to each consumer
 */
record ActiveMqSettings(JmsSettings common, int prefetch) {
    private static final int PREFETCH = 100;

    /** One is for the mark that each shard's queue has at its head. */
    private static final int LEAST_PREFETCH = 2;

    static ActiveMqSettings at(String addresses) {
        return new ActiveMqSettings(
                JmsSettings.at(addresses, "ActiveMq.at(\"localhost:61616\"), and the login by login(user, password)"),
                PREFETCH);
    }

    ActiveMqSettings with(JmsSettings other) {
        return new ActiveMqSettings(other, prefetch);
    }

    ActiveMqSettings prefetch(int messages) {
        if (messages < LEAST_PREFETCH) {
            throw new ConfigurationException(
                    "prefetch", messages, "is below " + LEAST_PREFETCH, "Use for example " + PREFETCH);
        }
        return new ActiveMqSettings(common, messages);
    }

    @Override
    public String toString() {
        return common.toString();
    }
}
