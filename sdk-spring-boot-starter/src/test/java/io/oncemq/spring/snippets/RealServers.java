package io.oncemq.spring.snippets;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Delivery;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.history.DuplicateCheck;
import io.oncemq.testkit.history.EffectLedger;
import io.oncemq.testkit.history.History;
import io.oncemq.testkit.history.LostCheck;
import io.oncemq.testkit.history.OrderCheck;
import io.oncemq.testkit.history.PhantomCheck;
import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.KafkaSecurity;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RocketServer;
import io.oncemq.testkit.server.SecuredListener;
import io.oncemq.testkit.server.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What docs/testing.md shows of servers and faults; compiled, and not run. */
@SuppressWarnings("unused")
final class RealServers {
    private RealServers() {}

    static void kafkaAndRedis() {
        try (var servers = Servers.kafkaAndRedis()) {
            String kafka = servers.kafka().bootstrap(); // 127.0.0.1:17423
            String redis = servers.redis().uri(); // redis://127.0.0.1:21904
            // … publish, consume, assert
        }
    }

    static void rabbit() {
        try (RabbitServer rabbit = RabbitServer.started()) {
            String uri = rabbit.uri(); // amqp://guest:guest@127.0.0.1:16120
            // … declare a quorum queue
            rabbit.settle(); // see docs/decisions/0100
            rabbit.kill();
            rabbit.start();
            rabbit.raiseMemoryAlarm(); // blocks publishers, until clearMemoryAlarm()
            rabbit.closeConnections(); // from its side: CONNECTION_FORCED
            rabbit.eval("rabbit_networking:local_connections()"); // any Erlang, in milliseconds
        }
    }

    static void rocket() {
        // A name server and one broker; builder().brokers(2) has two masters.
        try (RocketServer rocket = RocketServer.started()) {
            String names = rocket.nameServer(); // 127.0.0.1:18304
            rocket.createTopic("orders", 4); // queues on each broker; waits until clients find it
            rocket.killBroker(0); // kill -9
            rocket.restartBroker(0); // waits until the name server knows it again
            rocket.pauseNameServer(); // also killNameServer, restartNameServer; pauseBroker for SIGSTOP
            rocket.resumeNameServer();
            rocket.readOnly(0); // publishers are offered no queue of it, until writable(0)
            rocket.configure(0, "flushDiskType", "SYNC_FLUSH"); // any setting that a running broker takes
        }
    }

    static void artemis() {
        try (ArtemisServer artemis = ArtemisServer.started()) {
            String uri = artemis.uri(); // tcp://127.0.0.1:18305
            artemis.kill(); // kill -9; the journal is on disk
            artemis.start(); // the same port and data
        }
    }

    static void activeMq() {
        try (ActiveMqServer activemq = ActiveMqServer.started()) {
            String uri = activemq.uri(); // tcp://127.0.0.1:18306
            activemq.kill(); // kill -9; KahaDB is on disk
            activemq.start(); // the same port and data
        }
    }

    static void security() {
        try (KafkaServer kafka = KafkaServer.secured()) {
            KafkaSecurity security = kafka.security();
            String broker = security.bootstrap(SecuredListener.SASL_TLS); // also TLS, MUTUAL_TLS and SASL
            Path authority = security.certificates().authority(); // PEM; PKCS12 stores as well
            Map<String, Object> raw = security.clientProperties(SecuredListener.SASL_TLS); // for Kafka's own clients
        }
    }

    static void faults() throws Exception {
        KafkaServer kafka = KafkaServer.builder().build();
        try (kafka;
                TcpProxy proxy = TcpProxy.to(kafka.port())) {
            kafka.advertise("127.0.0.1", proxy.port()); // clients are sent to the proxy
            kafka.start();

            proxy.delay(Duration.ofMillis(20)); // each way
            proxy.drop(); // a partition: nothing passes, nothing breaks
            proxy.swallowReplies(); // requests take effect, replies vanish
            proxy.swallowReplyTo("order-17".getBytes(UTF_8)); // only for the request with this, then a reset
            proxy.resetAfterReplyBytes(100); // cut in the middle of a reply, with RST
            proxy.finishAfterReplyBytes(100); // the same with FIN
            proxy.resetAfterRequestBytes(100_000); // cut in the middle of a request; finishAfterRequestBytes with FIN
            proxy.reset(); // RST on all connections
            proxy.finish(); // FIN on all connections
            proxy.halfClose(); // FIN to the clients only
            proxy.acceptAndClose(); // new connections are closed at once
            proxy.answerHttp(); // new connections are answered as an HTTP server does
            proxy.acceptSilently(); // new connections are never answered
            proxy.refuse(); // no new connections
            proxy.restore();
        }
    }

    static void record(EffectLedger ledger, Delivery<Order> delivery, String key, long sequence, long token) {
        ledger.effect(key, delivery.id(), sequence, delivery.attempt(), token); // in the handler
    }

    static void judge(Path ledgerFile) throws Exception {
        History history = History.of(ledgerFile);
        LostCheck.in(history); // confirmed, but no effect and no dead letter
        PhantomCheck.in(history); // effects of what was never published, or was rejected
        OrderCheck.in(history); // first effects out of order within a key
        DuplicateCheck.in(history, pid -> 64); // repeated effects, and which of them a kill explains
    }
}
