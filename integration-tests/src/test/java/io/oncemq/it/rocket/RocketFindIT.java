package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.FoundMessage;
import io.oncemq.MessageQuery;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.rocket.Rocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looking for what became of a message. */
class RocketFindIT {
    private final MessagingClient client = MessagingClient.builder()
            .profile(Profile.DEV)
            .transport(Rocket.at(RocketRig.server().nameServer()))
            .withoutIdempotency()
            .build();
    private final String destination = RocketRig.name();
    private final Publisher<String> publisher = ensured();

    private Publisher<String> ensured() {
        client.ensure(DestinationSpec.builder(destination).partitions(4).build());
        return client.publisher(destination, Codecs.string());
    }

    @AfterEach
    void close() {
        client.close();
    }

    /** The index puts ids and keys together, and compares hash codes: those of "Aa" and "BB" are equal. */
    @Test
    void findsByIdAndByKeyAndNothingElse() {
        assertThat(client.capabilities().supports(Feature.FIND)).isTrue();
        Receipt first = publish("Aa", "customer", "first");
        publish("BB", "customer", "second");
        publish("third", "Aa", "third");
        publish("BB", "elsewhere", "again");
        awaitFound(MessageQuery.key("Aa"), "third");
        awaitFound(MessageQuery.key("elsewhere"), "again");
        awaitFound(MessageQuery.id("BB"), "second", "again");
        awaitFound(MessageQuery.key("customer"), "first", "second");
        awaitFound(MessageQuery.id("Aa"), "first");
        assertThat(client.find(destination, MessageQuery.id("Aa")))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.id()).isEqualTo("Aa");
                    assertThat(found.key()).isEqualTo("customer");
                    assertThat(found.headers().text("CE_type")).isEqualTo("order.paid");
                    assertThat(found.position()).isEqualTo(first.position());
                    assertThat(found.timestamp()).isNotNull();
                });
        assertThat(client.find(destination, MessageQuery.id("unknown"))).isEmpty();
    }

    @Test
    void findsWhatAnotherProducerSentByTheIdThatItsClientGave() throws Exception {
        DefaultMQProducer producer = new DefaultMQProducer("another");
        producer.setNamesrvAddr(RocketRig.server().nameServer());
        producer.start();
        try {
            Message message = new Message(RocketAsk.topic(destination), "theirs".getBytes(StandardCharsets.UTF_8));
            SendResult sent = producer.send(message, 30_000);
            awaitFound(MessageQuery.id(sent.getMsgId()), "theirs");
            Position position = client.find(destination, MessageQuery.id(sent.getMsgId()))
                    .get(0)
                    .position();
            assertThat(position)
                    .isEqualTo(new Position(
                            sent.getMessageQueue().getBrokerName() + "-"
                                    + sent.getMessageQueue().getQueueId(),
                            sent.getQueueOffset()));
        } finally {
            producer.shutdown();
        }
    }

    @Test
    void refusesWhatNoIndexHas() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> client.find(destination, MessageQuery.key("two words")))
                .satisfies(refused -> assertThat(refused.property()).contains("KEY"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> client.find("nowhere", MessageQuery.id("id")))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("destination"));
    }

    private Receipt publish(String id, String key, String body) {
        return publisher
                .publish(OutboundMessage.of(body).id(id).key(key).type("order.paid"))
                .join();
    }

    /** The index is filled a little after the confirm. */
    private void awaitFound(MessageQuery query, String... bodies) {
        await().untilAsserted(() ->
                assertThat(bodies(client.find(destination, query))).containsExactlyInAnyOrder(bodies));
    }

    private static List<String> bodies(List<FoundMessage> found) {
        return found.stream()
                .map(each -> new String(each.body(), StandardCharsets.UTF_8))
                .toList();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
