package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("oncemq.footprint.idle", 10));
    private static final int SINGLES = Integer.getInteger("oncemq.footprint.singles", 9);
    private static final double MOST = 1.5;
    /** Threads that a client has besides those of the brokers' library, for whatever number of subscriptions and publishers. */
    private static final int OWN_THREADS = 16;

    /** Of one core. Idle raw clients take a tenth of it, too little for a ratio. */
    private static final double OWN_PROCESSOR = 0.02;

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

    /** @param processor of one core, while nothing happens */
    private record Weight(int connections, long threads, long ofEngine, double processor) {}

    @ParameterizedTest
    @MethodSource("brokers")
    void aRestingClientWeighsNoMoreThanHalfAsMuchAgainAsOneThatReceives(Broker broker) throws JMSException {
        Weight raw = raw(broker, false);
        Weight receiving = raw(broker, true);
        Weight ours = ours(broker);
        LOG.warn(
                "footprint subscriptions={} publishers={} rawListening={} rawReceiving={} oncemq={}",
                COUNT,
                COUNT,
                raw,
                receiving,
                ours);
        assertThat(ours.connections).as("connections").isLessThanOrEqualTo(broker.connections);
        assertThat(ours.threads).as("threads").isLessThanOrEqualTo((long) (MOST * receiving.threads));
        assertThat(ours.threads).as("threads").isLessThanOrEqualTo((long) (MOST * raw.threads) + OWN_THREADS);
        assertThat(ours.processor).as("processor").isLessThanOrEqualTo(MOST * raw.processor + OWN_PROCESSOR);
        assertThat(ours.ofEngine)
                .as("threads of loops, none of them of one resting subscription")
                .isLessThanOrEqualTo(8);
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

    private static Weight weigh(TcpProxy proxy) {
        // What a client has begun for a moment has ended, also the threads that it keeps for a while.
        await().pollDelay(Duration.ofSeconds(12)).atMost(PATIENCE).until(() -> true);
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long since = System.nanoTime();
        await().pollDelay(IDLE).atMost(IDLE.plus(PATIENCE)).until(() -> true);
        double used = (double) (system.getProcessCpuTime() - cpu) / (System.nanoTime() - since);
        Map<String, Long> kinds = added().stream()
                .collect(Collectors.groupingBy(
                        thread -> thread.getName().replaceAll("[0-9]+", "N"), TreeMap::new, Collectors.counting()));
        LOG.warn("threads={}", kinds);
        return new Weight(proxy.open(), added().size(), ofEngine(), used);
    }

    /** But for those of the proxy between client and broker. */
    private static Set<Thread> added() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !BEFORE.contains(thread))
                .filter(thread -> !thread.getName().startsWith("oncemq-proxy"))
                .collect(Collectors.toSet());
    }

    private static long ofEngine() {
        return added().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("oncemq-(loop|loops|store|worker|timer|keep|jms-source)-.*"))
                .count();
    }

    private static Weight raw(Broker broker, boolean receives) throws JMSException {
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
            return weigh(broker.proxy);
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

    private static Weight ours(Broker broker) {
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
            return weigh(broker.proxy);
        }
    }
}
