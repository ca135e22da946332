package io.oncemq.it.rocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.it.Footprint;
import io.oncemq.it.Footprint.Weight;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.rocket.Rocket;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What many subscriptions and publishers of one client cost beside as many consumers of RocketMQ's own and one producer, once each has had a
 * message and rests (decision 0122).
 */
@Tag("slow")
class RocketFootprintIT {
    private static final Logger LOG = LoggerFactory.getLogger(RocketFootprintIT.class);
    private static final int COUNT = Integer.getInteger("oncemq.footprint.subscriptions", 20);
    private static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("oncemq.footprint.patience", 240));
    private static final double MOST = 1.5;
    private static final int OF_ENGINE = 3;

    /** With locks that expire as by default: how often a member looks around depends on that. */
    private static final RocketServer SERVER = RocketRig.patient().brokers(2).build();

    private final Set<String> handled = ConcurrentHashMap.newKeySet();

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void aClientCostsAtMostHalfAsMuchMoreThanRawClients() throws Exception {
        List<String> destinations = destinations();
        Weight raw = raw(destinations);
        Weight ours = ours(destinations);
        LOG.warn("footprint subscriptions={} publishers={} raw={} oncemq={}", COUNT, COUNT, raw, ours);
        assertThat(ours.threads()).as("threads").isLessThanOrEqualTo((long) (MOST * raw.threads()));
        assertThat(ours.sockets()).as("sockets").isLessThanOrEqualTo((long) (MOST * raw.sockets()));
        assertThat(ours.ofEngine())
                .as("threads of the engine, none of them of one resting subscription")
                .isLessThanOrEqualTo(OF_ENGINE);
        ours.requireProcessor(raw);
    }

    private Weight raw(List<String> destinations) throws Exception {
        Footprint footprint = new Footprint();
        List<DefaultMQPushConsumer> consumers = new ArrayList<>();
        Set<String> received = ConcurrentHashMap.newKeySet();
        DefaultMQProducer producer = new DefaultMQProducer("footprint-raw");
        producer.setNamesrvAddr(SERVER.nameServer());
        try {
            producer.start();
            for (String destination : destinations) {
                String topic = RocketAsk.topic(destination);
                consumers.add(consumer(topic, received));
                producer.send(new Message(topic, "one".getBytes(UTF_8)));
            }
            await().atMost(PATIENCE).until(() -> received.size() == COUNT);
            return footprint.weigh(PATIENCE, () -> true);
        } finally {
            consumers.forEach(DefaultMQPushConsumer::shutdown);
            producer.shutdown();
        }
    }

    private static DefaultMQPushConsumer consumer(String topic, Set<String> received) throws MQClientException {
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer("raw-" + topic);
        consumer.setNamesrvAddr(SERVER.nameServer());
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setConsumeThreadMin(1);
        consumer.setConsumeThreadMax(1);
        consumer.subscribe(topic, "*");
        consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            received.add(topic);
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
        return consumer;
    }

    private Weight ours(List<String> destinations) {
        Footprint footprint = new Footprint();
        try (RedisServer redis = RedisServer.started();
                MessagingClient client =
                        client().idempotency(RedisIdempotency.at(redis.uri())).build()) {
            for (String destination : destinations) {
                client.subscription(destination, Codecs.string())
                        .group("g")
                        .handler(delivery -> handled.add(destination))
                        .start();
                Publisher<String> publisher = client.publisher(destination, Codecs.string());
                publisher.publish(OutboundMessage.of("one")).join();
            }
            await().atMost(PATIENCE).until(() -> handled.size() == COUNT);
            return footprint.weigh(PATIENCE, () -> footprint.ofEngine() <= OF_ENGINE);
        }
    }

    private static MessagingClientBuilder client() {
        return MessagingClient.builder()
                .transport(Rocket.at(SERVER.nameServer()))
                .profile(Profile.DEV);
    }

    private static List<String> destinations() {
        List<String> destinations =
                IntStream.range(0, COUNT).mapToObj(number -> RocketRig.name()).toList();
        try (MessagingClient client = client().withoutIdempotency().build()) {
            for (String destination : destinations) {
                client.ensure(DestinationSpec.builder(destination)
                        .partitions(4)
                        .group("g")
                        .build());
            }
        }
        return destinations;
    }
}
