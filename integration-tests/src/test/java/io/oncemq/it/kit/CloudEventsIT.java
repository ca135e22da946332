package io.oncemq.it.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.RetryPolicy;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.server.NeedsRabbit;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** CloudEvents of other programs, written and read by the brokers' own clients. */
class CloudEventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String orders = "orders-" + UUID.randomUUID();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<String> sources = new CopyOnWriteArrayList<>();

    private MessagingClient client(TransportFixture broker) {
        MessagingClient client = MessagingClient.builder()
                .transport(broker.transport())
                .idempotency("memory://" + orders)
                .profile(Profile.DEV)
                .build();
        client.ensure(
                DestinationSpec.builder(orders).partitions(1).group("billing").build());
        return client;
    }

    /** "last" is the end of each story; what is poisonous goes to the dead letter at once. */
    private void subscribe(MessagingClient client) {
        client.subscription(orders, Codecs.string())
                .group("billing")
                .retry(RetryPolicy.builder()
                        .deadLetterOn(IllegalStateException.class)
                        .build())
                .handler(delivery -> {
                    if ("poison".equals(delivery.body())) {
                        throw new IllegalStateException("as asked");
                    }
                    delivery.attribute("source").ifPresent(sources::add);
                    handled.add(delivery.id() + " " + delivery.body());
                })
                .start();
    }

    private void send(TransportFixture broker, String body, String... namesAndValues) {
        Headers.Builder headers = Headers.builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        broker.publishRaw(orders, new RawMessage("k", headers.build(), body.getBytes(UTF_8)));
    }

    @Test
    void sourceAndIdAreTheIdentityOnKafka() {
        sourceAndIdAreTheIdentity(KafkaFixture.consumerProtocol(), "ce_");
    }

    @Test
    @NeedsRabbit
    void sourceAndIdAreTheIdentityOnRabbit() {
        sourceAndIdAreTheIdentity(new RabbitFixture(), "cloudEvents_");
    }

    @Test
    void sourceAndIdAreTheIdentityOnRocket() {
        sourceAndIdAreTheIdentity(new RocketFixture(), "CE_");
    }

    private void sourceAndIdAreTheIdentity(TransportFixture broker, String prefix) {
        try (MessagingClient client = client(broker)) {
            subscribe(client);
            send(broker, "first", prefix + "id", "1", prefix + "source", "/shop");
            send(broker, "first", prefix + "id", "1", prefix + "source", "/shop");
            send(broker, "of another source", prefix + "id", "1", prefix + "source", "/till");
            send(broker, "of none", prefix + "id", "1");
            send(broker, "last", prefix + "id", "2");
            await().atMost(PATIENCE).until(() -> handled.contains("2 last"));
            assertThat(handled).containsExactly("1 first", "1 of another source", "1 of none", "2 last");
        }
    }

    @Test
    @NeedsRabbit
    void bothSpellingsAreOneEventOnRabbitAndTheLetterHasOneId() {
        RabbitFixture broker = new RabbitFixture();
        try (MessagingClient client = client(broker)) {
            broker.created(orders + ".billing.dlq");
            subscribe(client);
            send(broker, "first", "cloudEvents:id", "1", "cloudEvents:source", "/shop");
            send(broker, "first", "cloudEvents_id", "1", "cloudEvents_source", "/shop");
            send(broker, "poison", "cloudEvents:id", "2", "cloudEvents:source", "/shop");
            send(broker, "last", "cloudEvents:id", "3", "cloudEvents:source", "/shop");
            await().atMost(PATIENCE).until(() -> handled.contains("3 last"));
            assertThat(handled).containsExactly("1 first", "3 last");
            assertThat(sources).as("read under either spelling").containsExactly("/shop", "/shop");
            List<RawMessage> letters = broker.readRaw(orders + ".billing.dlq");
            assertThat(letters).hasSize(1);
            Headers letter = letters.get(0).headers();
            assertThat(letter.text("oncemq-dead-letter-id")).isEqualTo("2");
            assertThat(letter.text("cloudEvents_id")).isNotNull().isNotEqualTo("2");
            assertThat(letter.names()).doesNotContain("cloudEvents:id").contains("cloudEvents:source");
        }
    }

    /** What AMQP itself has for an id is one, if no header says otherwise. */
    @Test
    @NeedsRabbit
    void theNativeMessageIdIsTheIdOnRabbit() {
        List<String> each = List.of("1 body", "2 body");
        RabbitFixture broker = new RabbitFixture();
        try (MessagingClient client = client(broker)) {
            subscribe(client);
            for (String id : List.of("1", "1", "2")) {
                broker.raw().call(channel -> {
                    channel.confirmSelect();
                    BasicProperties properties = new BasicProperties.Builder()
                            .deliveryMode(2)
                            .messageId(id)
                            .build();
                    channel.basicPublish(orders, "0/1", true, properties, "body".getBytes(UTF_8));
                    return channel.waitForConfirms(20_000);
                });
            }
            // Without keys they are handled side by side.
            await().atMost(PATIENCE).until(() -> handled.containsAll(each));
        }
        assertThat(handled).containsExactlyInAnyOrderElementsOf(each);
    }

    /** As another program's JMS client writes them: a text, with properties. */
    @Test
    void sourceAndIdAreTheIdentityOnArtemis() {
        List<String> each = List.of("1 first", "1 of another source", "1 of none", "2 last");
        ArtemisFixture broker = new ArtemisFixture();
        try (MessagingClient client = client(broker)) {
            subscribe(client);
            text(broker, "first", Map.of("cloudEvents_id", "1", "cloudEvents_source", "/shop"));
            text(broker, "first", Map.of("cloudEvents_id", "1", "cloudEvents_source", "/shop"));
            text(broker, "of another source", Map.of("cloudEvents_id", "1", "cloudEvents_source", "/till"));
            text(broker, "of none", Map.of("cloudEvents_id", "1"));
            text(broker, "last", Map.of("cloudEvents_id", "2"));
            // Without keys they are handled side by side.
            await().atMost(PATIENCE).until(() -> handled.containsAll(each));
        }
        assertThat(handled).containsExactlyInAnyOrderElementsOf(each);
    }

    private void text(ArtemisFixture broker, String body, Map<String, String> properties) {
        broker.raw().call(session -> {
            TextMessage message = session.createTextMessage(body);
            for (Map.Entry<String, String> property : properties.entrySet()) {
                message.setStringProperty(property.getKey(), property.getValue());
            }
            try (MessageProducer producer = session.createProducer(session.createTopic(orders))) {
                producer.send(message);
            }
            return true;
        });
    }

    @Test
    void writesTheNamesOfJmsOnArtemis() {
        ArtemisFixture broker = new ArtemisFixture();
        publish(broker);
        Map<String, String> properties = new TreeMap<>();
        broker.raw().call(session -> {
            try (MessageConsumer consumer =
                    session.createConsumer(session.createQueue(orders + "::" + RawArtemis.spy(orders)))) {
                Message message = Objects.requireNonNull(consumer.receive(PATIENCE.toMillis()));
                for (Object name : Collections.list(message.getPropertyNames())) {
                    properties.put(String.valueOf(name), message.getStringProperty(String.valueOf(name)));
                }
            }
            return true;
        });
        assertThat(properties)
                .containsAllEntriesOf(Map.of(
                        "cloudEvents_id", "1",
                        "cloudEvents_source", "/shop",
                        "cloudEvents_type", "order.paid",
                        "cloudEvents_time", "2026-11-22T01:02:03Z",
                        "cloudEvents_specversion", "1.0",
                        "content_HYPHEN_type", "text/plain; charset=utf-8",
                        "oncemq_key", "k"));
    }

    @Test
    void writesTheBindingOfKafka() {
        TransportFixture broker = KafkaFixture.consumerProtocol();
        publish(broker);
        RawMessage message = broker.readRaw(orders).get(0);
        assertThat(texts(message.headers()))
                .isEqualTo(Map.of(
                        "ce_id", "1",
                        "ce_source", "/shop",
                        "ce_type", "order.paid",
                        "ce_time", "2026-11-22T01:02:03Z",
                        "ce_specversion", "1.0",
                        "content-type", "text/plain; charset=utf-8"));
        assertThat(message.key()).isEqualTo("k");
    }

    @Test
    void writesTheNamesOfRocketAndItsOwnKeysAndTag() {
        RocketFixture broker = new RocketFixture();
        publish(broker);
        Map<String, String> properties = broker.raw().properties(orders).get(0);
        assertThat(properties)
                .containsAllEntriesOf(Map.of(
                        "CE_id", "1",
                        "CE_source", "/shop",
                        "CE_type", "order.paid",
                        "CE_time", "2026-11-22T01:02:03Z",
                        "CE_specversion", "1.0",
                        "oncemq-key", "k",
                        "content-type", "text/plain; charset=utf-8",
                        "KEYS", "1 k",
                        "TAGS", "order.paid"));
        assertThat(properties.keySet())
                .as("nothing else of ours")
                .filteredOn(name -> name.startsWith("CE") || name.startsWith("oncemq"))
                .hasSize(6);
    }

    @Test
    @NeedsRabbit
    void writesTheNamesOfAmqpOnRabbitAndItsOwnIdAndContentType() {
        RabbitFixture broker = new RabbitFixture();
        publish(broker);
        GetResponse message = broker.raw().call(channel -> channel.basicGet("spy." + orders + ".0", true));
        BasicProperties properties = message.getProps();
        Map<String, String> texts = new TreeMap<>();
        properties.getHeaders().forEach((name, value) -> {
            if (value instanceof LongString text) {
                texts.put(name, text.toString());
            }
        });
        assertThat(texts)
                .isEqualTo(Map.of(
                        "cloudEvents_id", "1",
                        "cloudEvents_source", "/shop",
                        "cloudEvents_type", "order.paid",
                        "cloudEvents_time", "2026-11-22T01:02:03Z",
                        "cloudEvents_specversion", "1.0",
                        "oncemq-key", "k"));
        assertThat(properties.getMessageId()).isEqualTo("1");
        assertThat(properties.getContentType()).isEqualTo("text/plain; charset=utf-8");
    }

    private void publish(TransportFixture broker) {
        try (MessagingClient client = client(broker)) {
            broker.created(orders);
            client.publisher(orders, Codecs.string())
                    .publish(OutboundMessage.of("body")
                            .id("1")
                            .key("k")
                            .source("/shop")
                            .type("order.paid")
                            .time(Instant.parse("2026-11-22T01:02:03Z")))
                    .join();
        }
    }

    private static Map<String, String> texts(Headers headers) {
        Map<String, String> texts = new TreeMap<>();
        headers.forEach((name, value) -> texts.put(name, new String(value, UTF_8)));
        return texts;
    }
}
