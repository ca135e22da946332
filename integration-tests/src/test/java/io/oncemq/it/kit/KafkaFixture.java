package io.oncemq.it.kit;

import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.GuardedBroker;
import io.oncemq.testkit.kit.transport.MemberTransport;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.kit.transport.Stranger;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RedisServer;
import java.util.List;
import java.util.Optional;

/** One Kafka behind a proxy and one Redis, started once in this JVM and ended with it, for either group protocol. */
public final class KafkaFixture extends ServerFixture {
    private static final class Servers {
        static final Servers INSTANCE = new Servers();

        final KafkaServer kafka = KafkaServer.builder()
                .config("group.consumer.session.timeout.ms", 6_000)
                // Longer, also after a restart, than a busy machine keeps a sound broker from its heartbeats.
                .config("broker.session.timeout.ms", 4_000)
                .build();
        final TcpProxy proxy = TcpProxy.to(kafka.port());
        final RedisServer redis = startedStore();

        private Servers() {
            kafka.advertise("127.0.0.1", proxy.port());
            kafka.start();
        }
    }

    private final KafkaServer kafka = Servers.INSTANCE.kafka;
    private final RawKafka raw = new RawKafka(kafka::bootstrap);
    private final GroupProtocol protocol;

    private KafkaFixture(GroupProtocol protocol) {
        super(Servers.INSTANCE.kafka, Servers.INSTANCE.proxy, Servers.INSTANCE.redis);
        this.protocol = protocol;
    }

    /** Clients of the classic group protocol. */
    public static KafkaFixture classic() {
        return new KafkaFixture(GroupProtocol.CLASSIC);
    }

    /** Clients of the consumer group protocol. */
    public static KafkaFixture consumerProtocol() {
        return new KafkaFixture(GroupProtocol.CONSUMER);
    }

    @Override
    public TransportFactory transport() {
        // A consumer that closes waits for the fetch under way, which waits for messages: for 500 ms by default.
        Kafka at = Kafka.at(kafka.bootstrap()).groupProtocol(protocol).consumerProperty("fetch.max.wait.ms", 50);
        return protocol == GroupProtocol.CONSUMER ? at : at.consumerProperty("heartbeat.interval.ms", 300);
    }

    @Override
    public Optional<GuardedBroker> guarded() {
        return Optional.of(new KafkaGuard(protocol));
    }

    @Override
    public Class<? extends MemberTransport> memberTransport() {
        return protocol == GroupProtocol.CONSUMER ? KafkaConsumerProtocolMember.class : KafkaMember.class;
    }

    @Override
    public String memberAddress() {
        return kafka.bootstrap();
    }

    @Override
    public void publishRaw(String destination, RawMessage message) {
        raw.publish(destination, message);
    }

    @Override
    public List<Stranger> publishStrangers(String destination) {
        return KafkaStrangers.publish(kafka.bootstrap(), destination);
    }

    @Override
    public List<RawMessage> readRaw(String destination) {
        return raw.read(destination);
    }

    /** Kafka's client takes the first four bytes for a length, 1.2 GB for those of HTTP, and its threads end where there is less memory. */
    @Override
    public boolean survivesOtherProtocols() {
        return false;
    }

    /** Kafka's client asks for a drain by a callback, and polls nothing before it returns. */
    @Override
    public boolean receivesWhileItDrains() {
        return false;
    }

    /** Above {@code message.max.bytes}, and above what the producer sends. */
    @Override
    public int oversizedBody() {
        return 3 << 20;
    }

    /** The adapter's {@code max.poll.records}. */
    @Override
    public int fetchAtMost(int maxInFlight) {
        return maxInFlight / 4;
    }
}
