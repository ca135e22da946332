package io.oncemq.it.kit;

import io.oncemq.rocket.Rocket;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.GuardedBroker;
import io.oncemq.testkit.kit.transport.MemberTransport;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.kit.transport.Stranger;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One RocketMQ, its broker behind a proxy, and one Redis, started once in this JVM and ended with it. */
public final class RocketFixture extends ServerFixture {
    /** Of locks whose owner is dead; the broker's minute would be waited for in each test that kills a member. */
    static final Duration LOCK_EXPIRY = Duration.ofSeconds(8);

    private static final class Servers {
        static final Servers INSTANCE = new Servers();

        final RocketServer rocket = RocketServer.builder()
                .systemProperty("rocketmq.broker.rebalance.lockMaxLiveTime", LOCK_EXPIRY.toMillis())
                .config("channelExpiredTimeout", 6_000)
                .build();
        final TcpProxy proxy = TcpProxy.to(rocket.port(0));
        final RedisServer redis = startedStore();

        private Servers() {
            rocket.advertise(0, "127.0.0.1", proxy.port());
            rocket.start();
        }
    }

    private final RocketServer rocket = Servers.INSTANCE.rocket;
    private final RawRocket raw = new RawRocket(rocket::nameServer);

    public RocketFixture() {
        super(Servers.INSTANCE.rocket, Servers.INSTANCE.proxy, Servers.INSTANCE.redis);
    }

    @Override
    public TransportFactory transport() {
        return Rocket.at(rocket.nameServer()).lockExpiry(LOCK_EXPIRY);
    }

    @Override
    public Optional<GuardedBroker> guarded() {
        return Optional.of(new RocketGuard());
    }

    @Override
    public Class<? extends MemberTransport> memberTransport() {
        return RocketMember.class;
    }

    @Override
    public String memberAddress() {
        return rocket.nameServer();
    }

    @Override
    public void publishRaw(String destination, RawMessage message) {
        raw.publish(destination, message);
    }

    @Override
    public List<Stranger> publishStrangers(String destination) {
        return raw.publishStrangers(destination);
    }

    @Override
    public List<RawMessage> readRaw(String destination) {
        return raw.read(destination);
    }

    /** What lies on the broker, as RocketMQ's own clients see it. */
    RawRocket raw() {
        return raw;
    }

    /** The name server stays: it forgets brokers, and a broker that comes back registers by itself. */
    @Override
    public void killBroker() {
        rocket.killBroker(0);
    }

    /** Above {@code maxMessageSize} of broker and client. */
    @Override
    public int oversizedBody() {
        return (4 << 20) + 1;
    }

    /** The most that a pull of the adapter's asks for. */
    @Override
    public int fetchAtMost(int maxInFlight) {
        return maxInFlight / 4;
    }
}
