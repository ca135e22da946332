package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;

/**
 * An ActiveMQ Classic broker, or several of which one serves. Immutable and thread-safe; each method returns a new value. Its client, {@code
 * org.apache.activemq:activemq-client}, is added by whoever uses it. {@link #toString} names no password.
 *
 * <pre>{@code
 * ActiveMq.at("activemq-1:61617,activemq-2:61617")
 *         .tls(Tls.trusting(Path.of("ca.pem")))
 *         .login("orders", password)
 * }</pre>
 */
public final class ActiveMq implements TransportFactory {
    private static final String CLIENT = "org.apache.activemq.ActiveMQConnectionFactory";

    private final ActiveMqSettings settings;

    private ActiveMq(ActiveMqSettings settings) {
        this.settings = settings;
    }

    /**
     * Brokers of which one serves: {@code host:port,host:port}; without a port 61616. Each connection tries them in an order of chance, and
     * stays with the first that answers.
     *
     * @throws io.oncemq.ConfigurationException if it is no such list
     */
    public static ActiveMq at(String addresses) {
        return new ActiveMq(ActiveMqSettings.at(addresses));
    }

    /** Logs in with a name and a password, which are sent as they are: use {@link #tls} on a network that others can listen to. */
    public ActiveMq login(String user, String password) {
        return new ActiveMq(settings.with(settings.common().login(user, password)));
    }

    /**
     * Encrypts connections, and shows a client certificate if the value carries one. Files are read whenever a connection is opened, so
     * renewed ones are taken up by the next.
     */
    public ActiveMq tls(Tls tls) {
        return new ActiveMq(settings.with(settings.common().tls(tls)));
    }

    /**
     * How long a connection may be silent before either side treats the other as dead. Default: 30 seconds. The broker can ask for
     * less. After a crash that closes no connection, messages of the dead process wait for up to twice as long.
     *
     * @throws io.oncemq.ConfigurationException if it is below a second
     */
    public ActiveMq connectionTtl(Duration time) {
        return new ActiveMq(settings.with(settings.common().connectionTtl(time)));
    }

    /**
     * The largest body in bytes that is sent. Default: 16 MiB. It must stay below the {@code wireFormat.maxFrameSize} of the broker.
     *
     * @throws io.oncemq.ConfigurationException if it is below 1
     */
    public ActiveMq maxMessageSize(int bytes) {
        return new ActiveMq(settings.with(settings.common().maxMessageSize(bytes)));
    }

    /**
     * How many messages the broker may send ahead from each queue. Default: 100. It must be the same for all members of a group: messages of a
     * dead member reach the next one in order only if that one takes all of them at once (docs/activemq.md).
     *
     * @throws io.oncemq.ConfigurationException if it is below 2
     */
    public ActiveMq prefetch(int messages) {
        return new ActiveMq(settings.prefetch(messages));
    }

    @Override
    public BrokerTransport open(String clientId) {
        requireClient();
        return ActiveMqTransport.connect(settings);
    }

    private static void requireClient() {
        try {
            Class.forName(CLIENT, false, ActiveMq.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ConfigurationException(
                    "transport",
                    "ActiveMQ",
                    "needs ActiveMQ's own client, and " + CLIENT + " is not on the class path",
                    "Add the dependency org.apache.activemq:activemq-client");
        }
    }

    @Override
    public String toString() {
        return "ActiveMQ[" + settings + "]";
    }
}
