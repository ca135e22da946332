package io.oncemq.rabbit;

import io.oncemq.Tls;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;

/**
 * A RabbitMQ server or cluster, 3.10 or newer, and how to talk to it. Immutable and thread-safe; each method returns a new value.
 * {@link #toString} names no password.
 *
 * <pre>{@code
 * Rabbit.at("rabbit-1:5671,rabbit-2:5671")
 *         .tls(Tls.trusting(Path.of("ca.pem")))
 *         .login("orders", password)
 *         .vhost("shop")
 * }</pre>
 *
 * <p>{@link #open} ends within a few seconds per address: connected, or with an {@link io.oncemq.AuthenticationException}, {@link
 * io.oncemq.ConfigurationException} or {@link io.oncemq.ConnectionException} that says what to change.
 */
public final class Rabbit implements TransportFactory {
    private final RabbitSettings settings;

    private Rabbit(RabbitSettings settings) {
        this.settings = settings;
    }

    /**
     * Nodes of one cluster: {@code host:port,host:port}; without a port 5672, or 5671 with {@link #tls}. Each connection goes to one of
     * them at random and to the next if that does not answer. Logs in as guest, which a server allows from its own machine only.
     *
     * @throws io.oncemq.ConfigurationException if it is no such list
     */
    public static Rabbit at(String addresses) {
        return new Rabbit(RabbitSettings.at(addresses));
    }

    /** Logs in with a name and a password, which are sent as they are: use {@link #tls} on a network that others can listen to. */
    public Rabbit login(String user, String password) {
        return new Rabbit(settings.login(user, password));
    }

    /**
     * The virtual host of all destinations. Default: {@code /}. Clients of several virtual hosts may share an idempotency
     * store: what it remembers is kept apart by the host's name, see {@link #namespace}.
     */
    public Rabbit vhost(String name) {
        return new Rabbit(settings.vhost(name));
    }

    /**
     * Encrypts connections, and shows a client certificate if the value carries one. Files are read whenever a connection is opened, so
     * renewed ones are taken up by the next.
     */
    public Rabbit tls(Tls tls) {
        return new Rabbit(settings.tls(tls));
    }

    /**
     * The heartbeat interval of a connection. Default: 10 seconds, or what the server asks for if that is less. A connection that is silent
     * for twice as long is given up.
     *
     * @throws io.oncemq.ConfigurationException unless it is whole seconds, 1 to 3600
     */
    public Rabbit heartbeat(Duration interval) {
        return new Rabbit(settings.heartbeat(interval));
    }

    /**
     * The server's {@code consumer_timeout}: for how long a message may stay unacknowledged before the server takes it away. It cannot
     * be read over AMQP. Default: 30 minutes, as the server's. A subscription whose handlers may take too long for it is refused.
     *
     * @throws io.oncemq.ConfigurationException if it is below a second
     */
    public Rabbit consumerTimeout(Duration timeout) {
        return new Rabbit(settings.consumerTimeout(timeout));
    }

    /**
     * The server's {@code max_message_size} in bytes: a larger body is rejected here, since the server would close the channel for it.
     * Nobody can read it over AMQP, so it is the default of the server's version (16 MiB since 4.0, before that 128 MiB) unless told
     * otherwise.
     *
     * @throws io.oncemq.ConfigurationException if it is below 1
     */
    public Rabbit maxMessageSize(int bytes) {
        return new Rabbit(settings.maxMessageSize(bytes));
    }

    /**
     * The name under which the idempotency store remembers what groups have handled here. Default: the name of the virtual host, and none for
     * {@code /}, as on brokers without virtual hosts. Needed to move to another virtual host and still know what was handled before: give
     * both sides the same name, or the empty one. A move to another cluster also needs the same {@link
     * io.oncemq.MessagingClientBuilder#clusterName}. <em>Two tenants under one name suppress each other's messages
     * where destination, group and id are equal.</em>
     */
    public Rabbit namespace(String name) {
        return new Rabbit(settings.namespace(name));
    }

    /**
     * The time for which the server keeps the queues of a broadcast instance that is not connected, with the messages that come meanwhile.
     * Default: 30 minutes. An instance that is connected keeps its queues for ever. The queues of an instance that exist
     * with another time are refused: let them expire first. See {@link io.oncemq.SubscriptionBuilder#broadcast}.
     *
     * @throws io.oncemq.ConfigurationException unless it is 1 ms to 49 days
     */
    public Rabbit keepInstancesFor(Duration time) {
        return new Rabbit(settings.keepInstances(time));
    }

    @Override
    public BrokerTransport open(String clientId) {
        return RabbitTransport.connect(settings, clientId);
    }

    @Override
    public String toString() {
        return "Rabbit[" + settings + "]";
    }
}
