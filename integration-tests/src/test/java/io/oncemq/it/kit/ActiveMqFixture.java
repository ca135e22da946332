package io.oncemq.it.kit;

import io.oncemq.jms.ActiveMq;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.GuardedBroker;
import io.oncemq.testkit.kit.transport.MemberTransport;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.kit.transport.Stranger;
import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.RedisServer;
import java.util.List;
import java.util.Optional;

/** One ActiveMQ behind a proxy and one Redis, started once in this JVM and ended with it. */
public final class ActiveMqFixture extends ServerFixture {
    private static final class Servers {
        static final Servers INSTANCE = new Servers();

        final ActiveMqServer activemq = ActiveMqServer.started();
        final TcpProxy proxy = TcpProxy.to(activemq.port());
        final RedisServer redis = startedStore();
    }

    private static final int LARGEST = 4 << 20;

    private final ActiveMqServer activemq = Servers.INSTANCE.activemq;
    private final TcpProxy proxy = Servers.INSTANCE.proxy;
    private final RawActiveMq raw = new RawActiveMq(activemq::uri);

    public ActiveMqFixture() {
        super(Servers.INSTANCE.activemq, Servers.INSTANCE.proxy, Servers.INSTANCE.redis);
    }

    @Override
    public TransportFactory transport() {
        return ActiveMq.at("127.0.0.1:" + proxy.port()).maxMessageSize(LARGEST);
    }

    @Override
    public Optional<GuardedBroker> guarded() {
        return Optional.of(new ActiveMqGuard());
    }

    @Override
    public Class<? extends MemberTransport> memberTransport() {
        return ActiveMqMember.class;
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
        return raw.publishStrangers(destination);
    }

    @Override
    public List<RawMessage> readRaw(String destination) {
        return raw.read(destination);
    }

    @Override
    public int oversizedBody() {
        return LARGEST + 1;
    }

    /** What one turn of the adapter's takes at the most. */
    @Override
    public int fetchAtMost(int maxInFlight) {
        return Math.max(1, maxInFlight / 4);
    }
}
