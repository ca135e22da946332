package io.oncemq.it.kit;

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

/** One Kafka behind a proxy and one Redis, started once in this JVM and ended with it. */
public final class KafkaFixture implements TransportFixture {
    private final KafkaServer kafka = KafkaServer.builder().build();
    private final TcpProxy proxy = TcpProxy.to(kafka.port());
    private final RedisServer redis = RedisServer.started();
    private final RawKafka raw = new RawKafka(kafka::bootstrap);

    private KafkaFixture() {
        kafka.advertise("127.0.0.1", proxy.port());
        kafka.start();
    }

    private static final class Holder {
        static final KafkaFixture INSTANCE = new KafkaFixture();
    }

    public static KafkaFixture shared() {
        return Holder.INSTANCE;
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
        return Kafka.at(kafka.bootstrap()).consumerProperty("heartbeat.interval.ms", 300);
    }

    @Override
    public IdempotencyStoreFactory store() {
        return Providers.store(redis.uri());
    }

    @Override
    public Class<? extends MemberTransport> memberTransport() {
        return KafkaMember.class;
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
