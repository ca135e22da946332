package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.NearestName;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Refuses misspelt properties, which the client would only log. A name that is not like any known one is taken: interceptors and login callbacks
 * have properties of their own.
 */
final class PropertyNames {
    private static final Set<String> KNOWN = known();

    private PropertyNames() {}

    static void check(String name) {
        String near = KNOWN.contains(name) ? null : NearestName.to(name, KNOWN);
        if (near != null) {
            // The value may be a secret.
            throw new ConfigurationException(
                    name, "***", "is not a property of Kafka's clients", "Did you mean " + near + "?");
        }
    }

    private static Set<String> known() {
        Set<String> known = new TreeSet<>(ProducerConfig.configNames());
        known.addAll(ConsumerConfig.configNames());
        known.addAll(AdminClientConfig.configNames());
        return known;
    }
}
