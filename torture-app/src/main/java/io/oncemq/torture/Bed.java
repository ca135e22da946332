package io.oncemq.torture;

import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RocketServer;
import io.oncemq.testkit.server.Server;

/**
 * The broker of a run, behind proxies that misbehave as a network does.
 *
 * @param address where clients find it; the same for all, and after a kill
 * @param kill ends what keeps the messages as {@code kill -9} does
 * @param settle to be called when destinations were made: waits until the broker has them for good
 */
record Bed(Server broker, Routes routes, String address, Runnable kill, Runnable settle) implements AutoCloseable {

    static Bed kafka() {
        KafkaServer kafka = KafkaServer.builder().asProcess().build();
        Routes routes = Routes.ofOneName(kafka.port());
        kafka.advertise("localhost", routes.port(0));
        return new Bed(kafka, routes, "localhost:" + routes.port(0), kafka::kill, () -> {});
    }

    static Bed rabbit() {
        RabbitServer rabbit = RabbitServer.builder().asProcess().build();
        Routes routes = Routes.ofOneName(rabbit.port());
        return new Bed(rabbit, routes, "localhost:" + routes.port(0), rabbit::kill, rabbit::settle);
    }

    /** The name server is not behind a proxy, and stays when the broker is killed. */
    static Bed rocket() {
        RocketServer rocket = RocketServer.builder()
                .systemProperty("rocketmq.broker.rebalance.lockMaxLiveTime", BrokerKind.LOCK_EXPIRY.toMillis())
                .config("channelExpiredTimeout", Terms.SESSION.toMillis())
                .build();
        Routes routes = Routes.ofOneName(rocket.port(0));
        rocket.advertise(0, "localhost", routes.port(0));
        return new Bed(rocket, routes, rocket.nameServer(), () -> rocket.killBroker(0), () -> {});
    }

    static Bed artemis() {
        ArtemisServer artemis = ArtemisServer.builder().build();
        Routes routes = Routes.ofOneName(artemis.port());
        return new Bed(artemis, routes, "localhost:" + routes.port(0), artemis::kill, () -> {});
    }

    static Bed activeMq() {
        ActiveMqServer activeMq = ActiveMqServer.builder().build();
        Routes routes = Routes.ofOneName(activeMq.port());
        return new Bed(activeMq, routes, "localhost:" + routes.port(0), activeMq::kill, () -> {});
    }

    /** Ends every fault: the network works and the broker runs. */
    void heal() {
        routes.restore();
        broker.start();
        broker.resume();
    }

    @Override
    public void close() {
        try (broker) {
            routes.close();
        }
    }
}
