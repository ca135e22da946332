package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.oncemq.kafka.Kafka;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What many subscriptions and publishers of one client cost beside as many raw consumers with a poll thread each and one raw producer,
 * once each has had a message and rests.
 */
class KafkaFootprintIT {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaFootprintIT.class);
    private static final int COUNT = Integer.getInteger("oncemq.footprint.subscriptions", 50);
    private static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("oncemq.footprint.patience", 240));
    private static final double MOST = 1.5;
    private static final int OF_ENGINE = 3;

    private final Set<String> handled = ConcurrentHashMap.newKeySet();

    @Test
    void aClientCostsAtMostHalfAsManyThreadsMoreThanRawClients() throws Exception {
        Measured measured = measured();
        Weight ours = measured.ours();
        assertThat(ours.threads()).as("threads").isLessThanOrEqualTo((long)
                (MOST * measured.raw().threads()));
        assertThat(ours.ofEngine())
                .as("threads of the engine, none of them of one resting subscription")
                .isLessThanOrEqualTo(OF_ENGINE);
        assertThat(ours.sockets()).as("sockets").isLessThanOrEqualTo((long)
                (MOST * measured.raw().sockets()));
    }

    /** Kafka's consumers are never quite at rest, so this is a measurement, which needs a machine without other work. */
    @Test
    @Tag("slow")
    void aRestingClientTakesAtMostHalfAsMuchProcessorTimeMoreThanRawClients() throws Exception {
        Measured measured = measured();
        measured.ours().requireProcessor(measured.raw());
    }

    private record Measured(Weight raw, Weight ours) {}

    private Measured measured() throws InterruptedException {
        List<String> topics = topics();
        Measured measured = new Measured(raw(topics), ours(topics));
        LOG.warn("footprint subscriptions={} publishers={} {}", COUNT, COUNT, measured);
        return measured;
    }

    private static Weight weigh(Footprint footprint) {
        return footprint.weigh(PATIENCE, () -> footprint.ofEngine() <= OF_ENGINE);
    }

    private Weight raw(List<String> topics) throws InterruptedException {
        Footprint footprint = new Footprint();
        List<Consumer<byte[], byte[]>> consumers = new ArrayList<>();
        List<Thread> polls = new ArrayList<>();
        Set<String> received = ConcurrentHashMap.newKeySet();
        try (RawKafka kafka = SharedKafka.raw();
                Producer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (String topic : topics) {
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                SharedKafka.bootstrap(),
                                "group.id",
                                topic + "-raw",
                                "auto.offset.reset",
                                "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                consumers.add(consumer);
                Thread poll = new Thread(() -> poll(consumer, topic, received), "raw-poll-" + topic);
                polls.add(poll);
                poll.start();
                producer.send(new ProducerRecord<>(topic, "one".getBytes(UTF_8)));
            }
            await().atMost(PATIENCE).until(() -> received.size() == COUNT);
            return weigh(footprint);
        } finally {
            consumers.forEach(Consumer::wakeup);
            for (Thread poll : polls) {
                poll.join();
            }
        }
    }

    private static void poll(Consumer<byte[], byte[]> consumer, String topic, Set<String> received) {
        try (consumer) {
            consumer.subscribe(List.of(topic));
            while (true) {
                if (!consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
                    received.add(topic);
                }
            }
        } catch (WakeupException e) {
            LOG.debug("the end of {}", topic);
        }
    }

    private Weight ours(List<String> topics) {
        Footprint footprint = new Footprint();
        try (RedisServer redis = RedisServer.started();
                MessagingClient client = MessagingClient.builder()
                        .transport(Kafka.at(SharedKafka.bootstrap()))
                        .idempotency(RedisIdempotency.at(redis.uri()))
                        .profile(Profile.DEV)
                        .build()) {
            for (String topic : topics) {
                client.subscription(topic, Codecs.string())
                        .group("g")
                        .handler(delivery -> handled.add(topic))
                        .start();
                Publisher<String> publisher = client.publisher(topic, Codecs.string());
                publisher.publish(OutboundMessage.of("one")).join();
            }
            await().atMost(PATIENCE).until(() -> handled.size() == COUNT);
            return weigh(footprint);
        }
    }

    private static List<String> topics() {
        List<String> topics = IntStream.range(0, COUNT)
                .mapToObj(number -> SharedKafka.name("footprint"))
                .toList();
        try (BrokerTransport transport = SharedKafka.open(SharedKafka.kafka())) {
            for (String topic : topics) {
                transport.ensure(DestinationSpec.builder(topic).partitions(1).build());
                transport.ensure(DestinationSpec.builder(DestinationSpec.deadLetterName(topic, "g"))
                        .partitions(1)
                        .build());
            }
        }
        return topics;
    }
}
