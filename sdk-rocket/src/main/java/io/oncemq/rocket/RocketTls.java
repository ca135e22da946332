package io.oncemq.rocket;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.spi.TlsContexts;
import java.lang.reflect.Field;
import javax.net.ssl.SSLContext;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.remoting.netty.NettyRemotingAbstract;

/**
 * TLS for one client of RocketMQ. Its library would take certificates from variables of the whole JVM, trusts everybody unless told
 * otherwise, and connects without encryption where it cannot read a file. So a client is given a context of its own, in the field that the
 * library keeps it in, before it connects. Where there is no such field nothing is opened.
 */
final class RocketTls {
    private static final String FIELD = "sslContext";

    private RocketTls() {}

    /** @throws ConfigurationException if RocketMQ's client cannot do what is asked */
    static Tls checked(Tls tls) {
        if (tls.checksHostName()) {
            throw new ConfigurationException(
                    "tls",
                    tls,
                    "asks for a check of host names, which RocketMQ's client cannot make",
                    "Trust an authority that signs for this cluster only, and call Tls.withoutHostNameCheck()");
        }
        return tls;
    }

    /**
     * To be called before the client is started, and configured to use TLS.
     *
     * @throws ConfigurationException if a file is missing or unreadable
     */
    static void give(MQClientInstance client, Tls tls) {
        SSLContext context = TlsContexts.of(tls);
        try {
            Field field = NettyRemotingAbstract.class.getDeclaredField(FIELD);
            field.setAccessible(true);
            field.set(client.getMQClientAPIImpl().getRemotingClient(), netty(context));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new ConfigurationException(
                    "tls",
                    tls,
                    "cannot be given to this version of RocketMQ's client: " + e,
                    "Use the version that this module was built with");
        }
    }

    /** A context made so asks for no host names. Netty 4.2's own builder would, and no handshake would succeed: the library names no host. */
    private static SslContext netty(SSLContext context) {
        return new JdkSslContext(
                context, true, null, IdentityCipherSuiteFilter.INSTANCE, null, ClientAuth.NONE, null, false);
    }
}
