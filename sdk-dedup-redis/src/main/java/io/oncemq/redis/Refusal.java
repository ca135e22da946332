package io.oncemq.redis;

import io.oncemq.ConfigurationException;

/** How an option is refused. */
final class Refusal {
    private Refusal() {}

    static void unless(boolean holds, String property, Object value, String problem, String remedy) {
        if (!holds) {
            throw new ConfigurationException(property, value, problem, remedy);
        }
    }
}
