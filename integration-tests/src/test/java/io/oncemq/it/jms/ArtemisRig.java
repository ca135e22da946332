package io.oncemq.it.jms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.Ordering;
import io.oncemq.it.kit.RawArtemis;
import io.oncemq.jms.Artemis;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SendOptions;
import io.oncemq.spi.SourceSpec;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.ArtemisServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One server for the tests of this package, names, messages, and a look at the queues without OnceMQ. */
final class ArtemisRig {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static final class Holder {
        static final ArtemisServer SERVER = ArtemisServer.started();
        static final TcpProxy PROXY = TcpProxy.to(SERVER.port());
        static final RawArtemis RAW = new RawArtemis(SERVER::uri);
    }

    private ArtemisRig() {}

    /** The test kit ends it with the JVM. */
    static ArtemisServer server() {
        return Holder.SERVER;
    }

    /** Between clients of {@link #artemis} and the server. */
    static TcpProxy proxy() {
        return Holder.PROXY;
    }

    static Artemis artemis() {
        return Artemis.at("127.0.0.1:" + proxy().port()).maxMessageSize(1 << 20);
    }

    static RawArtemis raw() {
        return Holder.RAW;
    }

    /** A new destination with a group {@code g}. */
    static String destination(BrokerTransport transport) {
        String name = "it." + NUMBERS.incrementAndGet();
        transport.ensure(DestinationSpec.builder(name).group("g").build());
        return name;
    }

    static String queue(String destination) {
        return destination + "/g/0";
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
