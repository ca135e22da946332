package io.oncemq.torture;

import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RocketServer;
import io.oncemq.testkit.server.Server;

/**
 * The broker of a run, behind a proxy that misbehaves as a network does.
 *
 * @param address where clients find it; the same after a kill
 * @param kill ends what keeps the messages as {@code kill -9} does
 * @param settle to be called when destinations were made: waits until the broker has them for good
 */
record Bed(Server broker, TcpProxy proxy, String address, Runnable kill, Runnable settle) implements AutoCloseable {

    static Bed kafka() {
        KafkaServer kafka = KafkaServer.builder().asProcess().build();
        TcpProxy proxy = TcpProxy.to(kafka.port());
        kafka.advertise("127.0.0.1", proxy.port());
        return new Bed(kafka, proxy, "127.0.0.1:" + proxy.port(), kafka::kill, () -> {});
    }

    static Bed rabbit() {
        RabbitServer rabbit = RabbitServer.builder().asProcess().build();
        TcpProxy proxy = TcpProxy.to(rabbit.port());
        return new Bed(rabbit, proxy, "127.0.0.1:" + proxy.port(), rabbit::kill, rabbit::settle);
    }

    /** The name server is not behind the proxy, and stays when the broker is killed. */
    static Bed rocket() {
        RocketServer rocket = RocketServer.builder()
                .systemProperty("rocketmq.broker.rebalance.lockMaxLiveTime", BrokerKind.LOCK_EXPIRY.toMillis())
                .config("channelExpiredTimeout", Terms.SESSION.toMillis())
                .build();
        TcpProxy proxy = TcpProxy.to(rocket.port(0));
        rocket.advertise(0, "127.0.0.1", proxy.port());
        return new Bed(rocket, proxy, rocket.nameServer(), () -> rocket.killBroker(0), () -> {});
    }

    static Bed artemis() {
        ArtemisServer artemis = ArtemisServer.builder().build();
        TcpProxy proxy = TcpProxy.to(artemis.port());
        return new Bed(artemis, proxy, "127.0.0.1:" + proxy.port(), artemis::kill, () -> {});
    }

    static Bed activeMq() {
        ActiveMqServer activeMq = ActiveMqServer.builder().build();
        TcpProxy proxy = TcpProxy.to(activeMq.port());
        return new Bed(activeMq, proxy, "127.0.0.1:" + proxy.port(), activeMq::kill, () -> {});
    }

    /** Ends every fault: the network works and the broker runs. */
    void heal() {
        proxy.restore();
        broker.start();
        broker.resume();
    }

    @Override
    public void close() {
        try (broker) {
            proxy.close();
        }
    }
}
