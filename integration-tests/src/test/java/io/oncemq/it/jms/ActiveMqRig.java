package io.oncemq.it.jms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.Ordering;
import io.oncemq.it.kit.RawActiveMq;
import io.oncemq.jms.ActiveMq;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SendOptions;
import io.oncemq.spi.SourceSpec;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.ActiveMqServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One server for the tests of this package, names, messages, and a look at the queues without OnceMQ. */
final class ActiveMqRig {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static final class Holder {
        static final ActiveMqServer SERVER = ActiveMqServer.started();
        static final TcpProxy PROXY = TcpProxy.to(SERVER.port());
        static final RawActiveMq RAW = new RawActiveMq(SERVER::uri);
    }

    private ActiveMqRig() {}

    /** The test kit ends it with the JVM. */
    static ActiveMqServer server() {
        return Holder.SERVER;
    }

    /** Between clients of {@link #activeMq} and the server. */
    static TcpProxy proxy() {
        return Holder.PROXY;
    }

    static ActiveMq activeMq() {
        return ActiveMq.at("127.0.0.1:" + proxy().port()).maxMessageSize(1 << 20);
    }

    static RawActiveMq raw() {
        return Holder.RAW;
    }

    /** A new destination with a group {@code g}. */
    static String destination(BrokerTransport transport) {
        String name = "it.classic." + NUMBERS.incrementAndGet();
        transport.ensure(DestinationSpec.builder(name).group("g").build());
        return name;
    }

    static String queue(String destination) {
        return "Consumer.g.VirtualTopic." + destination + ".0";
    }

    static OutboundFrame frame(String destination, @Nullable String key, String body) {
        return frame(destination, key, body.getBytes(UTF_8), Headers.empty(), null);
    }

    static OutboundFrame frame(
            String destination,
            @Nullable String key,
            byte @Nullable [] body,
            Headers headers,
            @Nullable SendOptions options) {
        String id = "id-" + NUMBERS.incrementAndGet();
        int size = 20 + (body == null ? 0 : body.length);
        for (int i = 0; i < headers.size(); i++) {
            size += headers.name(i).length() + headers.value(i).length;
        }
        return new OutboundFrame(
                destination, id, key, KeyHash.of(key == null ? id : key), headers, body, size, options);
    }

    /** A member of group {@code g}. */
    static SourceSpec spec(String destination, Ordering ordering) {
        return SourceSpec.builder(destination, "g").ordering(ordering).build();
    }
}
