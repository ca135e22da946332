package io.oncemq.it.kit;

import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.Providers;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.MemberTransport;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RedisServer;
import java.util.List;

/** One Kafka behind a proxy and one Redis, started once in this JVM and ended with it, for either group protocol. */
public final class KafkaFixture implements TransportFixture {
    private static final class Servers {
        static final Servers INSTANCE = new Servers();

        final KafkaServer kafka = KafkaServer.builder()
                .config("group.consumer.session.timeout.ms", 6_000)
                .build();
        final TcpProxy proxy = TcpProxy.to(kafka.port());
        /** A write that waits for a slow fsync is lost with the process, so a store that is killed must not let it wait. */
        final RedisServer redis =
                RedisServer.builder().appendFsync(RedisServer.Fsync.ALWAYS).build();

        private Servers() {
            kafka.advertise("127.0.0.1", proxy.port());
            kafka.start();
            redis.start();
        }
    }

    private final KafkaServer kafka = Servers.INSTANCE.kafka;
    private final TcpProxy proxy = Servers.INSTANCE.proxy;
    private final RedisServer redis = Servers.INSTANCE.redis;
    private final RawKafka raw = new RawKafka(kafka::bootstrap);
    private final GroupProtocol protocol;

    private KafkaFixture(GroupProtocol protocol) {
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

    /** The broker itself, for faults that only Kafka knows. */
    public KafkaServer kafka() {
        return kafka;
    }

    /** What stands between every client and the broker. */
    public TcpProxy proxy() {
        return proxy;
    }

    public RedisServer redis() {
        return redis;
    }

    @Override
    public TransportFactory transport() {
        // A consumer that closes waits for the fetch under way, which waits for messages: for 500 ms by default.
        Kafka at = Kafka.at(kafka.bootstrap()).groupProtocol(protocol).consumerProperty("fetch.max.wait.ms", 50);
        return protocol == GroupProtocol.CONSUMER ? at : at.consumerProperty("heartbeat.interval.ms", 300);
    }

    @Override
    public IdempotencyStoreFactory store() {
        return Providers.store(redis.uri());
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
    public String storeUri() {
        return redis.uri();
    }

    @Override
    public void publishRaw(String destination, RawMessage message) {
        raw.publish(destination, message);
    }

    @Override
    public List<RawMessage> readRaw(String destination) {
        return raw.read(destination);
    }

    @Override
    public void severConnections() {
        proxy.reset();
    }

    @Override
    public void pauseBroker() {
        kafka.pause();
    }

    @Override
    public void resumeBroker() {
        kafka.resume();
    }

    @Override
    public void killBroker() {
        kafka.kill();
    }

    @Override
    public void startBroker() {
        kafka.start();
    }

    @Override
    public void pauseStore() {
        redis.pause();
    }

    @Override
    public void resumeStore() {
        redis.resume();
    }

    @Override
    public void killStore() {
        redis.kill();
    }

    @Override
    public void startStore() {
        redis.start();
    }

    @Override
    public void loseStoreData() {
        redis.restartEmpty();
    }

    @Override
    public void heal() {
        proxy.restore();
        if (kafka.isRunning()) {
            kafka.resume();
        } else {
            kafka.start();
        }
        if (redis.isRunning()) {
            redis.resume();
        } else {
            redis.start();
        }
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
