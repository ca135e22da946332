package io.oncemq.it.jms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.it.SentOutcomes;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.PublishSession;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.activemq.command.ActiveMQMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** S8: what other programs may write, by JMS and below it. Without a store, so that every repetition shows. */
class JmsStrangersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String destination = "strangers-" + UUID.randomUUID();
    private final String letters = destination + ".g.dlq";
    private final Map<String, Headers> handled = new ConcurrentHashMap<>();
    private final Queue<Delivery<byte[]>> dead = new ConcurrentLinkedQueue<>();
    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private MessagingClient client;

    static List<JmsBroker> brokers() {
        return JmsBroker.both();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void propertiesOfEveryTypeReachTheHandlerAndStopNothing(JmsBroker broker) {
        Subscription subscription = subscribe(broker);
        broker.send(destination, session -> {
            TextMessage message = session.createTextMessage("odd");
            message.setByteProperty("aByte", (byte) -7);
            message.setShortProperty("aShort", (short) 300);
            message.setIntProperty("anInt", 70_000);
            message.setLongProperty("aLong", 1L << 40);
            message.setFloatProperty("aFloat", 1.5f);
            message.setDoubleProperty("aDouble", -2.25);
            message.setBooleanProperty("aBoolean", true);
            message.setStringProperty("aNull", null);
            message.setStringProperty("oncemq_more", "no Base64 at all");
            message.setIntProperty("oncemq_key", 17);
            message.setJMSCorrelationID("c-1");
            odd(message);
            return message;
        });
        broker.send(destination, session -> session.createTextMessage("after"));
        await().atMost(PATIENCE).until(() -> handled.containsKey("after"));
        Headers odd = handled.get("odd");
        assertThat(Map.of(
                        "aByte", odd.text("aByte"),
                        "aShort", odd.text("aShort"),
                        "anInt", odd.text("anInt"),
                        "aLong", odd.text("aLong"),
                        "aFloat", odd.text("aFloat"),
                        "aDouble", odd.text("aDouble"),
                        "aBoolean", odd.text("aBoolean")))
                .containsEntry("aByte", "-7")
                .containsEntry("aShort", "300")
                .containsEntry("anInt", "70000")
                .containsEntry("aLong", "1099511627776")
                .containsEntry("aFloat", "1.5")
                .containsEntry("aDouble", "-2.25")
                .containsEntry("aBoolean", "true");
        assertThat(odd.text("odd")).isNotNull();
        assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
    }

    /** What JMS does not have, and the brokers carry: bytes by Artemis' own protocol, lists and maps by Classic's. */
    private static void odd(TextMessage message) throws JMSException {
        if (message instanceof org.apache.activemq.artemis.jms.client.ActiveMQMessage artemis) {
            artemis.getCoreMessage().putBytesProperty("odd", new byte[] {1, -1, 0});
            artemis.getCoreMessage().putBytesProperty("JMSXGroupID", new byte[] {1, -1, 0});
        } else if (message instanceof ActiveMQMessage classic) {
            classic.setObjectProperty("odd", List.of("a", Map.of("b", 1)), false);
            classic.setIntProperty("JMSXGroupID", 5);
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void bodiesThatAreNotBytesAreDeadLetteredWithTheirTypeAndARedriveRestoresThem(JmsBroker broker) {
        Subscription subscription = subscribe(broker);
        broker.send(destination, session -> {
            MapMessage message = session.createMapMessage();
            message.setString("name", "map");
            message.setInt("count", 3);
            message.setStringProperty("kind", "of map");
            return message;
        });
        broker.send(destination, session -> {
            StreamMessage message = session.createStreamMessage();
            message.writeString("stream");
            message.writeLong(4);
            return message;
        });
        broker.send(destination, session -> session.createObjectMessage("object"));
        broker.send(destination, session -> session.createTextMessage("after"));
        await().atMost(PATIENCE).until(() -> handled.containsKey("after") && dead.size() == 3);
        assertThat(handled).containsOnlyKeys("after");
        assertThat(dead.stream().map(letter -> letter.headers().text("oncemq-jms-type")))
                .containsExactlyInAnyOrder("map", "stream", "object");
        assertThat(dead)
                .allSatisfy(letter -> assertThat(letter.headers().text("oncemq-dead-letter-cause"))
                        .isEqualTo("io.oncemq.CodecException"));
        assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
        redrive(broker);
        List<Object> restored =
                broker.raw().call(session -> restored(session, broker.queue(destination, "spy"), 4 + 3));
        assertThat(restored.subList(4, 7)).containsExactlyInAnyOrder("map 3 of map", "stream 4", "object");
    }

    /** As docs/wire-format.md says, with the frames that a redrive writes. */
    private void redrive(JmsBroker broker) {
        SentOutcomes outcomes = new SentOutcomes();
        try (BrokerTransport transport = broker.transport().open("redrive");
                PublishSession session = transport.openPublishSession(outcomes)) {
            for (Delivery<byte[]> letter : dead) {
                Headers headers = letter.headers().toBuilder()
                        .set("oncemq-generation", "1")
                        .set("cloudEvents_id", String.valueOf(letter.headers().text("oncemq-dead-letter-id")))
                        .build();
                String origin = String.valueOf(headers.text("oncemq-dead-letter-destination"));
                session.send(ArtemisRig.frame(origin, letter.key(), letter.body(), headers, null), letter);
            }
            await().atMost(PATIENCE).until(() -> outcomes.confirmed.size() == 3);
        }
    }

    /** What another group of the destination gets. */
    private static List<Object> restored(Session session, String queue, int count) throws JMSException {
        List<Object> contents = new ArrayList<>();
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            while (contents.size() < count) {
                Message message = consumer.receive(PATIENCE.toMillis());
                if (message instanceof MapMessage map) {
                    contents.add(
                            map.getString("name") + " " + map.getInt("count") + " " + map.getStringProperty("kind"));
                } else if (message instanceof StreamMessage stream) {
                    contents.add(stream.readString() + " " + stream.readLong());
                } else if (message instanceof ObjectMessage object) {
                    contents.add(object.getObject());
                } else if (!message.propertyExists("oncemq_mark")) {
                    contents.add(message);
                }
            }
        }
        return contents;
    }

    private Subscription subscribe(JmsBroker broker) {
        client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(broker.transport())
                .withoutIdempotency()
                .eventListener(events::add)
                .build();
        client.ensure(
                DestinationSpec.builder(destination).group("g").group("spy").build());
        client.subscription(letters, Codecs.bytes())
                .group("g")
                .deadLetter(DeadLetterPolicy.block())
                .handler(dead::add)
                .start();
        return client.subscription(destination, Codecs.bytes())
                .group("g")
                .handler(delivery -> handled.put(new String(delivery.body(), UTF_8), delivery.headers()))
                .start();
    }
}
