package io.oncemq.kafka;

import io.oncemq.Tls;
import io.oncemq.kafka.KafkaSettings.Scope;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A Kafka cluster and how to talk to it. Carries every property of Kafka's own clients but those that would break a promise
 * (such as {@code acks} or {@code auto.offset.reset}), which are refused by name. Immutable and thread-safe; each method
 * returns a new value. {@link #toString} names no security setting's value.
 *
 * <pre>{@code
 * Kafka.at("broker-1:9092,broker-2:9092")
 *         .tls(Tls.trusting(Path.of("ca.pem")))
 *         .scram("orders", password)
 *         .producerProperty("linger.ms", 5)
 * }</pre>
 *
 * <p>{@link #open} ends within about ten seconds: connected, or with an {@link io.oncemq.AuthenticationException}, {@link
 * io.oncemq.ConfigurationException} or {@link io.oncemq.ConnectionException} that says what to change.
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
     * Encrypts connections, and shows a client certificate if the value carries one. Excludes the {@code ssl.*} properties
     * that say the same. Files are read whenever a client is made, so renewed ones are taken up at the next reconnect that needs
     * a new client, and at the latest by a restart.
     */
    public Kafka tls(Tls tls) {
        return new Kafka(settings.with(tls));
    }

    /** Logs in with SCRAM-SHA-512. Excludes the {@code sasl.*} properties that say the same. */
    public Kafka scram(String user, String password) {
        return new Kafka(settings.with(Login.scram("SCRAM-SHA-512", user, password)));
    }

    /** As {@link #scram}, with SCRAM-SHA-256, for brokers that know the user by that only. */
    public Kafka scramSha256(String user, String password) {
        return new Kafka(settings.with(Login.scram("SCRAM-SHA-256", user, password)));
    }

    /** Logs in with PLAIN, which sends the password as it is: use it over {@link #tls} only. */
    public Kafka plain(String user, String password) {
        return new Kafka(settings.with(Login.plain(user, password)));
    }

    /**
     * Logs in with OAUTHBEARER.
     *
     * @param tokens asked, and may block, when a client starts and again before a token expires, on threads of the client's;
     *     what it throws makes the login fail and is not printed, for it may quote a secret
     */
    public Kafka oauthBearer(Supplier<BearerToken> tokens) {
        return new Kafka(settings.with(Login.bearer(tokens)));
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

    /**
     * How groups share partitions. Default: {@link GroupProtocol#CLASSIC}.
     *
     * @throws io.oncemq.ConfigurationException if a property is set that does not go with it
     */
    public Kafka groupProtocol(GroupProtocol protocol) {
        return new Kafka(settings.with(protocol));
    }

    /**
     * Which consumer group of Kafka a subscription joins. Default: {@link ConsumerGroups#PER_SUBSCRIPTION}. All processes of a group use the
     * same; offsets move along when it changes.
     */
    public Kafka consumerGroups(ConsumerGroups groups) {
        return new Kafka(settings.with(groups));
    }

    /**
     * How often a subscription commits its offsets while it runs. Default: 1 second with an idempotency store, which suppresses messages that a
     * crash repeats, and 100 milliseconds without. Handled messages are also committed when partitions are revoked and at close.
     *
     * @param interval 10 milliseconds to 1 minute
     * @throws io.oncemq.ConfigurationException if it is outside of that
     */
    public Kafka commitInterval(Duration interval) {
        return new Kafka(settings.withCommitInterval(interval));
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
