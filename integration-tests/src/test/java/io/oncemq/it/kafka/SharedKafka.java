package io.oncemq.it.kafka;

import io.oncemq.DestinationSpec;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.KafkaServer;
import java.util.concurrent.atomic.AtomicInteger;

/** One broker for all tests of this package that do not break it; the test kit ends it with the JVM. */
public final class SharedKafka {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static final class Holder {
        static final KafkaServer SERVER = start();

        private static KafkaServer start() {
            KafkaServer server =
                    KafkaServer.builder().config("log.cleaner.backoff.ms", 200).build();
            server.start();
            return server;
        }
    }

    private SharedKafka() {}

    static String bootstrap() {
        return Holder.SERVER.bootstrap();
    }

    static KafkaServer server() {
        return Holder.SERVER;
    }

    /** Its consumers are not held up at their end by a fetch that waits for messages, for 500 ms by default. */
    public static Kafka kafka() {
        return Kafka.at(bootstrap()).consumerProperty("fetch.max.wait.ms", 50);
    }

    public static Kafka kafka(GroupProtocol protocol) {
        return kafka().groupProtocol(protocol);
    }

    static BrokerTransport open(Kafka kafka) {
        return kafka.open("it-" + NAMES.incrementAndGet());
    }

    public static String name(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    /** A new topic with leaders. */
    static String topic(BrokerTransport transport, String prefix, int partitions) {
        String name = name(prefix);
        transport.ensure(DestinationSpec.builder(name).partitions(partitions).build());
        return name;
    }

    public static RawKafka raw() {
        return new RawKafka(bootstrap());
    }
}
