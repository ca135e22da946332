package io.oncemq.core.publish;

import io.oncemq.Capabilities;
import io.oncemq.ConfigurationException;
import io.oncemq.Feature;
import io.oncemq.OutboundMessage;
import io.oncemq.spi.SendOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What may be asked of a broker for one message. Thread-safe. */
public final class SendRules {
    private final Capabilities capabilities;

    public SendRules(Capabilities capabilities) {
        this.capabilities = capabilities;
    }

    /**
     * Refuses what the broker does not offer, and what contradicts itself.
     *
     * @throws io.oncemq.UnsupportedFeatureException naming feature, property and value
     * @throws ConfigurationException if two of the options, or one and the key, cannot both be kept
     */
    public void check(OutboundMessage<?> message) {
        SendOptions options = message.options();
        if (options != null) {
            check(message.key(), options);
        }
    }

    private void check(@Nullable String key, SendOptions options) {
        Duration delay = options.delay();
        Duration timeToLive = options.timeToLive();
        Integer priority = options.priority();
        if (delay != null) {
            capabilities.require(Feature.DELAYED_DELIVERY, "OutboundMessage.delay", delay);
        }
        if (timeToLive != null) {
            capabilities.require(Feature.MESSAGE_TTL, "OutboundMessage.timeToLive", timeToLive);
        }
        if (priority != null) {
            capabilities.require(Feature.PRIORITY, "OutboundMessage.priority", priority);
        }
        if (priority != null && key != null) {
            throw new ConfigurationException(
                    "OutboundMessage.priority",
                    priority,
                    "the message has a key, whose messages keep their order",
                    "Leave out the key or the priority");
        }
        if (delay != null && timeToLive != null && timeToLive.compareTo(delay) <= 0) {
            throw new ConfigurationException(
                    "OutboundMessage.timeToLive",
                    timeToLive,
                    "ends before the delay of " + delay,
                    "Use a longer time to live, or a shorter delay");
        }
    }
}
