package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.jackson.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.kafka.support.serializer.JacksonJsonDeserializer;
import org.springframework.kafka.support.serializer.JacksonJsonSerializer;

/** Spring Kafka on one side, OnceMQ on the other: JSON with Spring's type headers, and no ids. */
class SpringKafkaIT {
    /** Public for Spring's reflection. */
    public record Order(String customer, int cents) {}

    private static final Duration PATIENT = Duration.ofSeconds(60);

    private final InProcessIdempotency store = InProcessIdempotency.create();

    @Test
    void whatSpringSendsIsHandledOnceEachAlsoWhenItIsReadAgain() throws Exception {
        Queue<Order> handled = new ConcurrentLinkedQueue<>();
        Queue<String> types = new ConcurrentLinkedQueue<>();
        try (RawKafka raw = SharedKafka.raw()) {
            String topic;
            try (MessagingClient client = Engine.client(store)) {
                topic = Engine.topic(client, "spring", 1);
                send(topic, new Order("a", 1), new Order("a", 1), new Order("b", 2));
                try (Subscription ignored = subscribe(client, topic, handled, types)) {
                    await().atMost(PATIENT).until(() -> handled.size() == 3);
                }
            }
            assertThat(types).containsOnly(Order.class.getName());
            raw.commit("g", topic, 0, new OffsetAndMetadata(0));
            send(topic, new Order("c", 3));
            try (MessagingClient client = Engine.client(store);
                    Subscription ignored = subscribe(client, topic, handled, types)) {
                await().atMost(PATIENT).until(() -> raw.committedOffset("g", topic, 0) == 4);
            }
            assertThat(handled)
                    .containsExactlyInAnyOrder(
                            new Order("a", 1), new Order("a", 1), new Order("b", 2), new Order("c", 3));
        }
    }

    @Test
    void aSpringListenerReadsWhatOnceMqPublishes() {
        Queue<String> received = new ConcurrentLinkedQueue<>();
        try (MessagingClient client = Engine.client(store)) {
            String topic = Engine.topic(client, "spring", 2);
            client.publisher(topic, Json.of(Order.class))
                    .publish(OutboundMessage.of(new Order("Zoë", 7)).id("e-1").key("Zoë"))
                    .join();
            ContainerProperties properties = new ContainerProperties(topic);
            properties.setGroupId("spring-" + topic);
            properties.setMessageListener((MessageListener<String, Order>)
                    each -> received.add(each.key() + " owes " + each.value().cents()));
            KafkaMessageListenerContainer<String, Order> container = new KafkaMessageListenerContainer<>(
                    new DefaultKafkaConsumerFactory<>(
                            Map.of("bootstrap.servers", SharedKafka.bootstrap(), "auto.offset.reset", "earliest"),
                            new StringDeserializer(),
                            new JacksonJsonDeserializer<>(Order.class)),
                    properties);
            container.start();
            try {
                await().atMost(PATIENT).until(() -> !received.isEmpty());
            } finally {
                container.stop();
            }
        }
        assertThat(received).containsExactly("Zoë owes 7");
    }

    private static Subscription subscribe(
            MessagingClient client, String topic, Queue<Order> handled, Queue<String> types) {
        return client.subscription(topic, Json.of(Order.class))
                .group("g")
                .handler(delivery -> {
                    types.add(String.valueOf(delivery.headers().text("__TypeId__")));
                    handled.add(delivery.body());
                })
                .start();
    }

    private static void send(String topic, Order... orders) throws Exception {
        DefaultKafkaProducerFactory<String, Order> factory = new DefaultKafkaProducerFactory<>(
                Map.of("bootstrap.servers", SharedKafka.bootstrap()),
                new StringSerializer(),
                new JacksonJsonSerializer<>());
        try {
            KafkaTemplate<String, Order> template = new KafkaTemplate<>(factory);
            for (Order each : orders) {
                template.send(topic, each.customer(), each).get();
            }
        } finally {
            factory.destroy();
        }
    }
}
