package io.oncemq.it.kit;

import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.GuardedBroker;
import io.oncemq.testkit.kit.transport.MemberTransport;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.kit.transport.Stranger;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RedisServer;
import java.util.List;
import java.util.Optional;

/** One RabbitMQ behind a proxy and one Redis, started once in this JVM and ended with it. */
public final class RabbitFixture extends ServerFixture {
    private static final class Servers {
        static final Servers INSTANCE = new Servers();

        /** What 4.x has by itself, and the adapter takes for it. */
        final RabbitServer rabbit =
                RabbitServer.builder().config("max_message_size", LARGEST).build();

        final TcpProxy proxy = TcpProxy.to(rabbit.port());
        final RedisServer redis = startedStore();

        private Servers() {
            rabbit.start();
        }
    }

    private static final int LARGEST = 16 << 20;
    private static final int PREFETCH_SLACK = 4;

    private final RabbitServer rabbit = Servers.INSTANCE.rabbit;
    private final TcpProxy proxy = Servers.INSTANCE.proxy;
    private final RawRabbit raw = new RawRabbit(rabbit::uri);

    public RabbitFixture() {
        super(Servers.INSTANCE.rabbit, Servers.INSTANCE.proxy, Servers.INSTANCE.redis);
    }

    String user() {
        return rabbit.user();
    }

    String password() {
        return rabbit.password();
    }

    /** The server without OnceMQ. */
    RawRabbit raw() {
        return raw;
    }

    @Override
    public TransportFactory transport() {
        Rabbit at = Rabbit.at("127.0.0.1:" + proxy.port()).login(rabbit.user(), rabbit.password());
        return rabbit.description().startsWith("RabbitMQ 3.") ? at.maxMessageSize(LARGEST) : at;
    }

    @Override
    public Optional<GuardedBroker> guarded() {
        return Optional.of(new RabbitGuard(rabbit, raw, "127.0.0.1:" + proxy.port()));
    }

    @Override
    public Class<? extends MemberTransport> memberTransport() {
        return RabbitMember.class;
    }

    @Override
    public String memberAddress() {
        return "127.0.0.1:" + proxy.port();
    }

    @Override
    public void created(String destination) {
        raw.spyOn(destination);
    }

    @Override
    public void publishRaw(String destination, RawMessage message) {
        raw.publish(destination, message);
    }

    @Override
    public List<Stranger> publishStrangers(String destination) {
        return raw.call(channel -> RabbitStrangers.publish(channel, destination));
    }

    @Override
    public List<RawMessage> readRaw(String destination) {
        return raw.read(destination);
    }

    /** A quorum queue that was declared just before is forgotten by a server that is killed; what is shown here is another thing. */
    @Override
    public void killBroker() {
        rabbit.settle();
        super.killBroker();
    }

    @Override
    public int oversizedBody() {
        return LARGEST + 1;
    }

    /** The prefetch is divided among the queues, and at least one for each. */
    @Override
    public int fetchAtMost(int maxInFlight) {
        return PREFETCH_SLACK;
    }
}
