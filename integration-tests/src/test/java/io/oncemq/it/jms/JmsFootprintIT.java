package io.oncemq.it.jms;

import static io.oncemq.it.RestingClient.COUNT;
import static io.oncemq.it.RestingClient.MOST;
import static io.oncemq.it.RestingClient.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.it.Footprint;
import io.oncemq.it.Footprint.Weight;
import io.oncemq.it.RestingClient;
import io.oncemq.it.RestingClient.Measured;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What many subscriptions and publishers of one client cost beside a raw client that does the same with a connection for its consumers, a
 * session each, and a connection for its producers, and that listens, or receives on a thread each; once each has had a message and rests.
 */
class JmsFootprintIT {
    private static final Logger LOG = LoggerFactory.getLogger(JmsFootprintIT.class);
    /** @param connections of a client, for whatever number of subscriptions and publishers: for questions up to two */
    private record Broker(TransportFactory transport, TcpProxy proxy, ConnectionFactory raw, int connections) {}

    /** Before the first use of a client's library: what its clients share counts for the raw client and for ours. */
    private static final Set<Thread> BEFORE = Thread.getAllStackTraces().keySet();

    static Stream<Named<Broker>> brokers() {
        String artemis = "tcp://127.0.0.1:" + ArtemisRig.proxy().port();
        String classic = "tcp://127.0.0.1:" + ActiveMqRig.proxy().port() + "?jms.watchTopicAdvisories=false";
        return Stream.of(
                Named.of(
                        "Artemis",
                        new Broker(
                                ArtemisRig.artemis(),
                                ArtemisRig.proxy(),
                                new org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory(artemis),
                                4)),
                Named.of(
                        "Classic",
                        new Broker(
                                ActiveMqRig.activeMq(),
                                ActiveMqRig.proxy(),
                                new org.apache.activemq.ActiveMQConnectionFactory(classic),
                                7)));
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void aRestingClientWeighsNoMoreThanHalfAsMuchAgainAsOneThatReceives(Broker broker) throws JMSException {
        Measured raw = raw(broker, false);
        Measured receiving = raw(broker, true);
        long most = Math.min(
                (long) (MOST * receiving.weight().threads()),
                (long) (MOST * raw.weight().threads()) + RestingClient.OWN_THREADS);
        Measured ours = ours(broker, most);
        LOG.warn(
                "footprint subscriptions={} publishers={} rawListening={} rawReceiving={} oncemq={}",
                COUNT,
                COUNT,
                raw,
                receiving,
                ours);
        ours.require(broker.connections, most);
        ours.weight().requireProcessor(receiving.weight());
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void aRestingSubscriptionIsWokenByItsMessage(Broker broker) throws InterruptedException {
        try (MessagingClient client = client(broker)) {
            List<Duration> took = RestingClient.singles(client, "footprint.single", "oncemq-jms-source-");
            LOG.warn("single messages of a resting subscription: took={}", took);
            assertThat(took.get(took.size() / 2)).isLessThan(Duration.ofSeconds(1));
        }
    }

    private static MessagingClient client(Broker broker) {
        return MessagingClient.builder()
                .transport(broker.transport)
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build();
    }

    private static Measured raw(Broker broker, boolean receives) throws JMSException {
        Set<String> received = ConcurrentHashMap.newKeySet();
        try (Connection consuming = broker.raw.createConnection();
                Connection producing = broker.raw.createConnection()) {
            consuming.start();
            for (int n = 0; n < COUNT; n++) {
                String name = "footprint-raw-" + n;
                Session session = consuming.createSession(Session.CLIENT_ACKNOWLEDGE);
                Queue queue = session.createQueue(name);
                MessageConsumer consumer = session.createConsumer(queue);
                if (receives) {
                    Thread thread = new Thread(() -> receive(consumer, name, received), "raw-receive-" + n);
                    thread.setDaemon(true);
                    thread.start();
                } else {
                    consumer.setMessageListener(message -> received.add(name));
                }
                Session sending = producing.createSession();
                MessageProducer producer = sending.createProducer(queue);
                producer.send(sending.createTextMessage("one"));
            }
            await().atMost(PATIENCE).until(() -> received.size() == COUNT);
            Weight weight = new Footprint(BEFORE).weigh(PATIENCE, () -> true);
            return new Measured(broker.proxy.open(), weight);
        }
    }

    private static void receive(MessageConsumer consumer, String name, Set<String> received) {
        try {
            while (consumer.receive() != null) {
                received.add(name);
            }
        } catch (JMSException e) {
            LOG.debug("the end of {}", name);
        }
    }

    private static Measured ours(Broker broker, long mostThreads) {
        List<String> names = IntStream.range(0, COUNT)
                .mapToObj(number -> "footprint." + number)
                .toList();
        try (MessagingClient client = client(broker)) {
            return RestingClient.measure(client, names, BEFORE, mostThreads, broker.proxy::open);
        }
    }
}
