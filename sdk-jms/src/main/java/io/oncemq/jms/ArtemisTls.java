package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.spi.TlsContexts;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.remoting.impl.ssl.CachingSSLContextFactory;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextFactoryProvider;
import org.jspecify.annotations.Nullable;

/**
 * Gives Artemis' client the TLS contexts that {@link Tls} describes. By its own options the client would read key stores only, and once per
 * JVM. Public for its service loader, which takes the one with the highest priority; what is not ours goes to the one that it has
 * itself. Thread-safe.
 */
public final class ArtemisTls extends CachingSSLContextFactory {
    private static final Map<String, SSLContext> OFFERED = new ConcurrentHashMap<>();
    private static final int PRIORITY = 1_000;

    public ArtemisTls() {}

    /** For one connection to be opened: closed when that has been tried. */
    static final class Offer implements AutoCloseable {
        private final @Nullable Tls tls;
        private final String name = "oncemq-" + UUID.randomUUID();

        private Offer(@Nullable Tls tls) {
            this.tls = tls;
        }

        /** To be added to the options in a connector's URI. */
        String options() {
            return tls == null
                    ? ""
                    : "&" + TransportConstants.SSL_ENABLED_PROP_NAME + "=true&"
                            + TransportConstants.SSL_CONTEXT_PROP_NAME + "=" + name + "&"
                            + TransportConstants.VERIFY_HOST_PROP_NAME + "=" + tls.checksHostName();
        }

        @Override
        public void close() {
            OFFERED.remove(name);
        }
    }

    /** @throws ConfigurationException if a file is missing or unreadable, or Artemis' client does not find this class */
    static Offer offer(@Nullable Tls tls) {
        Offer offer = new Offer(tls);
        if (tls != null) {
            if (!(SSLContextFactoryProvider.getSSLContextFactory() instanceof ArtemisTls)) {
                throw new ConfigurationException(
                        "tls",
                        tls,
                        "cannot be given to Artemis' client, which uses another SSLContextFactory",
                        "Load sdk-jms and Artemis' client by one class loader, and register no factory with a priority above "
                                + PRIORITY);
            }
            OFFERED.put(offer.name, TlsContexts.of(tls));
        }
        return offer;
    }

    @Override
    public SSLContext getSSLContext(SSLContextConfig config, Map<String, Object> options) throws Exception {
        Object name = options.get(TransportConstants.SSL_CONTEXT_PROP_NAME);
        SSLContext ours = name == null ? null : OFFERED.get(name.toString());
        return ours == null ? super.getSSLContext(config, options) : ours;
    }

    @Override
    public int getPriority() {
        return PRIORITY;
    }
}
