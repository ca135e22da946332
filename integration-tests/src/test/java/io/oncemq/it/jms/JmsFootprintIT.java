package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.it.Footprint;
import io.oncemq.it.Footprint.Weight;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What many subscriptions and publishers of one client cost beside a raw client that does the same with a connection for its consumers, a session each, and a
 * connection for its producers, and that listens, or receives on a thread each; once each has had a message and rests.
 */
class JmsFootprintIT {
    private static final Logger LOG = LoggerFactory.getLogger(JmsFootprintIT.class);
    private static final int COUNT = Integer.getInteger("oncemq.footprint.subscriptions", 50);
    private static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("oncemq.footprint.patience", 240));
    private static final int SINGLES = Integer.getInteger("oncemq.footprint.singles", 9);
    private static final double MOST = 1.5;
    /** Threads that a client has besides those of the brokers' library, for whatever number of subscriptions and publishers. */
    private static final int OWN_THREADS = 16;

    /** Of its loops and those of the adapter, with their timers. */
    private static final int OF_ENGINE = 8;

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

    private record Measured(int connections, Weight weight) {}

    @ParameterizedTest
    @MethodSource("brokers")
    void aRestingClientWeighsNoMoreThanHalfAsMuchAgainAsOneThatReceives(Broker broker) throws JMSException {
        Measured raw = raw(broker, false);
        Measured receiving = raw(broker, true);
        long most = Math.min(
                (long) (MOST * receiving.weight.threads()), (long) (MOST * raw.weight.threads()) + OWN_THREADS);
        Measured ours = ours(broker, most);
        LOG.warn(
                "footprint subscriptions={} publishers={} rawListening={} rawReceiving={} oncemq={}",
                COUNT,
                COUNT,
                raw,
                receiving,
                ours);
        assertThat(ours.connections).as("connections").isLessThanOrEqualTo(broker.connections);
        assertThat(ours.weight.threads()).as("threads").isLessThanOrEqualTo(most);
        assertThat(ours.weight.ofEngine())
                .as("threads of loops, none of them of one resting subscription")
                .isLessThanOrEqualTo(OF_ENGINE);
    }

    /** After a lost wake-up the next look finds the message, seconds later. */
    @ParameterizedTest
    @MethodSource("brokers")
    void aRestingSubscriptionIsWokenByItsMessage(Broker broker) throws InterruptedException {
        String name = "footprint.single";
        SynchronousQueue<String> handled = new SynchronousQueue<>();
        List<Long> micros = new ArrayList<>();
        try (MessagingClient client = client(broker)) {
            client.ensure(DestinationSpec.of(name).group("g"));
            client.subscribe(name, Codecs.string()).group("g").handle(delivery -> handled.put(delivery.body()));
            Publisher<String> publisher = client.publisher(name, Codecs.string());
            for (int n = 0; n < SINGLES; n++) {
                await().atMost(PATIENCE).until(() -> threads("oncemq-jms-source-") == 0);
                long since = System.nanoTime();
                publisher.publish(OutboundMessage.of("one " + n));
                assertThat(handled.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("one " + n);
                micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - since));
            }
        }
        List<Long> sorted = micros.stream().sorted().toList();
        LOG.warn("single messages of a resting subscription: micros={}", sorted);
        assertThat(sorted.get(sorted.size() / 2))
                .isLessThan(Duration.ofSeconds(1).toNanos() / 1000);
    }

    private static MessagingClient client(Broker broker) {
        return MessagingClient.builder()
                .transport(broker.transport)
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build();
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
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
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (MessagingClient client = client(broker)) {
            List<String> names = IntStream.range(0, COUNT)
                    .mapToObj(number -> "footprint." + number)
                    .toList();
            for (String name : names) {
                client.ensure(DestinationSpec.of(name).partitions(1).group("g"));
                client.subscribe(name, Codecs.string()).group("g").handle(delivery -> handled.add(name));
                client.publisher(name, Codecs.string())
                        .publish(OutboundMessage.of("one"))
                        .join();
            }
            await().atMost(PATIENCE).until(() -> handled.size() == COUNT);
            Footprint footprint = new Footprint(BEFORE);
            Weight weight = footprint.weigh(
                    PATIENCE, () -> footprint.ofEngine() <= OF_ENGINE && footprint.threads() <= mostThreads);
            return new Measured(broker.proxy.open(), weight);
        }
    }
}
