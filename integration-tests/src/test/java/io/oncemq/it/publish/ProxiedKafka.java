package io.oncemq.it.publish;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEventListener;
import io.oncemq.Profile;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.KafkaServer;
import java.util.concurrent.atomic.AtomicInteger;

/** One broker that clients reach through a proxy only. It is restored after each test and ends with the JVM. */
final class ProxiedKafka {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static final class Holder {
        /** Its session is longer, also after a restart, than a busy machine keeps a sound broker from its heartbeats. */
        static final KafkaServer SERVER =
                KafkaServer.builder().config("broker.session.timeout.ms", 5_000).build();

        static final TcpProxy PROXY = TcpProxy.to(SERVER.port());

        static {
            SERVER.advertise("127.0.0.1", PROXY.port());
            SERVER.start();
        }
    }

    private ProxiedKafka() {}

    static KafkaServer server() {
        return Holder.SERVER;
    }

    static TcpProxy proxy() {
        return Holder.PROXY;
    }

    static String bootstrap() {
        return "127.0.0.1:" + proxy().port();
    }

    static Kafka kafka() {
        return Kafka.at(bootstrap());
    }

    static MessagingClient client(MessagingEventListener listener) {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(kafka())
                .withoutIdempotency()
                .eventListener(listener)
                .build();
    }

    static String name(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    /** A new topic with leaders. */
    static String topic(MessagingClient client, String prefix, int partitions) {
        String name = name(prefix);
        client.ensure(DestinationSpec.builder(name).partitions(partitions).build());
        return name;
    }
}
