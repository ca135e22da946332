package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;

/**
 * An ActiveMQ Artemis broker, or a primary and its backups. Immutable and thread-safe; each method returns a new value. Its client, {@code
 * org.apache.artemis:artemis-jakarta-client}, is added by whoever uses it. {@link #toString} names no password.
 *
 * <pre>{@code
 * Artemis.at("artemis-1:61617,artemis-2:61617")
 *         .tls(Tls.trusting(Path.of("ca.pem")))
 *         .login("orders", password)
 * }</pre>
 */
public final class Artemis implements TransportFactory {
    private static final String CLIENT = "org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory";

    private final JmsSettings settings;

    private Artemis(JmsSettings settings) {
        this.settings = settings;
    }

    /**
     * Brokers of which one serves: {@code host:port,host:port}; without a port 61616. Each connection tries them in an order of chance, and
     * stays with the first that answers.
     *
     * @throws io.oncemq.ConfigurationException if it is no such list
     */
    public static Artemis at(String addresses) {
        return new Artemis(
                JmsSettings.at(addresses, "Artemis.at(\"localhost:61616\"), and the login by login(user, password)"));
    }

    /** Logs in with a name and a password, which are sent as they are: use {@link #tls} on a network that others can listen to. */
    public Artemis login(String user, String password) {
        return new Artemis(settings.login(user, password));
    }

    /**
     * Encrypts connections, and shows a client certificate if the value carries one. Files are read whenever a connection is opened, so
     * renewed ones are taken up by the next.
     */
    public Artemis tls(Tls tls) {
        return new Artemis(settings.tls(tls));
    }

    /**
     * How long a connection may be silent before either side treats the other as dead. Default: 30 seconds. Both check a few times within it.
     * After a crash that closes no connection, messages of the dead process wait for this time.
     *
     * @throws io.oncemq.ConfigurationException if it is below a second
     */
    public Artemis connectionTtl(Duration time) {
        return new Artemis(settings.connectionTtl(time));
    }

    /**
     * The largest body in bytes that is sent. Default: 16 MiB. Artemis has no limit of its own: it writes large messages to
     * its disk, and their readers hold them in memory.
     *
     * @throws io.oncemq.ConfigurationException if it is below 1
     */
    public Artemis maxMessageSize(int bytes) {
        return new Artemis(settings.maxMessageSize(bytes));
    }

    @Override
    public BrokerTransport open(String clientId) {
        requireClient();
        return ArtemisTransport.connect(settings);
    }

    private static void requireClient() {
        try {
            Class.forName(CLIENT, false, Artemis.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ConfigurationException(
                    "transport",
                    "Artemis",
                    "needs Artemis' own client, and " + CLIENT + " is not on the class path",
                    "Add the dependency org.apache.artemis:artemis-jakarta-client");
        }
    }

    @Override
    public String toString() {
        return "Artemis[" + settings + "]";
    }
}
