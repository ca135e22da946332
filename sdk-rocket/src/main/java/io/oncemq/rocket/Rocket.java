package io.oncemq.rocket;

import io.oncemq.Tls;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;

/**
 * A RocketMQ cluster, 5.5 or newer, by its name servers. Immutable and thread-safe; each method returns a new value. {@link #toString}
 * names no secret.
 *
 * <pre>{@code
 * Rocket.at("names-1:9876,names-2:9876").credentials(accessKey, secretKey)
 * }</pre>
 */
public final class Rocket implements TransportFactory {
    private final RocketSettings settings;

    private Rocket(RocketSettings settings) {
        this.settings = settings;
    }

    /**
     * Name servers of one cluster: {@code host:port,host:port}; without a port 9876. They say where the brokers are.
     *
     * @throws io.oncemq.ConfigurationException if it is no such list
     */
    public static Rocket at(String nameServers) {
        return new Rocket(RocketSettings.at(nameServers));
    }

    /** Signs requests as the brokers' access control demands; the secret key itself is not sent. */
    public Rocket credentials(String accessKey, String secretKey) {
        return new Rocket(settings.credentials(accessKey, secretKey));
    }

    /**
     * How long the brokers keep a queue locked for a member that does not renew the lock: what they are started with as {@code
     * -Drocketmq.broker.rebalance.lockMaxLiveTime}, 60 seconds by default. After a crash its queues wait for so long. A member takes a lock for
     * lost, and its handlers are interrupted, when it could not renew it for five sixths of this time; so more than the brokers have would let two
     * members read one queue.
     *
     * @throws io.oncemq.ConfigurationException if it is less than a second
     */
    public Rocket lockExpiry(Duration expiry) {
        return new Rocket(settings.lockExpiry(expiry));
    }

    /**
     * Keeps destinations and groups apart from those of the same name in other namespaces: topics are {@code namespace%topic}, as RocketMQ's
     * own clients write them, and groups alike. Clients of several may share an idempotency store: what it remembers is kept apart, too.
     *
     * @throws io.oncemq.ConfigurationException unless it is 1 to 63 letters, digits, {@code _} or {@code -}
     */
    public Rocket namespace(String name) {
        return new Rocket(settings.namespace(name));
    }

    /**
     * Encrypts connections to name servers and brokers, and shows a client certificate if the value carries one. Files are read whenever a
     * client is made: for this transport, and for each session and source. RocketMQ's client <em>compares no host names</em>: whoever
     * holds any certificate of a trusted authority can listen in. So trust an authority that signs for nobody but the cluster.
     *
     * @throws io.oncemq.ConfigurationException if host names are to be checked (see {@link Tls#withoutHostNameCheck})
     */
    public Rocket tls(Tls tls) {
        return new Rocket(settings.tls(tls));
    }

    @Override
    public BrokerTransport open(String clientId) {
        return RocketTransport.connect(settings, clientId);
    }

    @Override
    public String toString() {
        return "Rocket[" + settings + "]";
    }
}
