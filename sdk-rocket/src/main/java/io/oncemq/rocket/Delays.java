package io.oncemq.rocket;

import io.oncemq.AuthenticationException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.rocketmq.common.message.Message;
import org.jspecify.annotations.Nullable;

/** What the brokers delay, as far as it was asked. Thread-safe. */
final class Delays {
    private final Topics topics;
    private final Map<String, DelayRule> rules = new ConcurrentHashMap<>();

    Delays(Topics topics) {
        this.topics = topics;
    }

    /**
     * Asks the broker for a delay of the message. Blocks for the first one of a broker, and where the answer would be no.
     *
     * @return why the broker cannot do it, or null if the message carries the delay now
     */
    @Nullable
    String put(Message message, Duration delay, String broker) {
        DelayRule rule = rules.get(broker);
        if (rule == null || rule.refusal(delay) != null) {
            rule = read(broker);
            rules.put(broker, rule);
        }
        String refusal = rule.refusal(delay);
        if (refusal == null) {
            rule.apply(message, delay);
        }
        return refusal;
    }

    private DelayRule read(String broker) {
        try {
            return DelayRule.of(broker, topics.settings(topics.master(broker)));
        } catch (AuthenticationException mayNotRead) {
            return DelayRule.usual(broker);
        }
    }

    /** The broker does not do what it was known to do. */
    void forget(String broker) {
        rules.remove(broker);
    }
}
