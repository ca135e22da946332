package io.oncemq.kafka;

import io.oncemq.kafka.KafkaSettings.Scope;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.TransportFactory;

/**
 * A Kafka cluster and how to talk to it. Carries every property of Kafka's own clients but those that would break a promise
 * (such as {@code acks} or {@code auto.offset.reset}), which are refused by name. Immutable and thread-safe; each method
 * returns a new value. {@link #toString} names no security setting's value.
 *
 * <pre>{@code
 * Kafka.at("broker-1:9092,broker-2:9092")
 *         .clientProperty("security.protocol", "SASL_SSL")
 *         .producerProperty("linger.ms", 5)
 * }</pre>
 */
public final class Kafka implements TransportFactory {
    private final KafkaSettings settings;

    private Kafka(KafkaSettings settings) {
        this.settings = settings;
    }

    /**
     * A cluster, by some of its brokers: {@code host:port,host:port}.
     *
     * @throws io.oncemq.ConfigurationException if it is blank
     */
    public static Kafka at(String bootstrapServers) {
        return new Kafka(KafkaSettings.at(bootstrapServers));
    }

    /**
     * A property of every client: security, time-outs, metadata.
     *
     * @throws io.oncemq.ConfigurationException if the promise forbids it
     */
    public Kafka clientProperty(String name, Object value) {
        return new Kafka(settings.with(Scope.CLIENT, name, value));
    }

    /**
     * A property of the producers only.
     *
     * @throws io.oncemq.ConfigurationException if the promise forbids it
     */
    public Kafka producerProperty(String name, Object value) {
        return new Kafka(settings.with(Scope.PRODUCER, name, value));
    }

    /**
     * A property of the consumers only.
     *
     * @throws io.oncemq.ConfigurationException if the promise forbids it
     */
    public Kafka consumerProperty(String name, Object value) {
        return new Kafka(settings.with(Scope.CONSUMER, name, value));
    }

    @Override
    public BrokerTransport open(String clientId) {
        return KafkaTransport.connect(settings, clientId);
    }

    @Override
    public String toString() {
        return "Kafka[" + settings + "]";
    }
}
