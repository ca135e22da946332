package io.oncemq.it.rocket;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.it.SentOutcomes;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.PublishSession;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.junit.jupiter.api.Test;

class RocketTenancyIT {
    private final String destination = "tenancy-" + RocketRig.name().replace(".", "-");
    private final SentOutcomes outcomes = new SentOutcomes();

    @Test
    void keepsDestinationsOfOneNameApart() throws Exception {
        Rocket rocket = Rocket.at(RocketRig.server().nameServer());
        try (BrokerTransport red = rocket.namespace("red").open("red");
                BrokerTransport blue = rocket.namespace("blue").open("blue");
                BrokerTransport none = rocket.open("none")) {
            red.ensure(DestinationSpec.of(destination));
            assertThat(blue.exists(destination)).isFalse();
            assertThat(none.exists(destination)).isFalse();
            blue.ensure(DestinationSpec.of(destination));
            publish(red, "red");
            publish(blue, "blue");
            assertThat(List.of(red.namespace(), blue.namespace(), none.namespace()))
                    .containsExactly("red", "blue", "");
        }
        assertThat(RocketRig.bodies("red%" + destination, 0, 0)).containsExactly("red");
        assertThat(RocketRig.bodies("blue%" + destination, 0, 0)).containsExactly("blue");
    }

    @Test
    void meansTheNamespaceOfRocketsOwnClients() throws Exception {
        DefaultMQProducer raw = new DefaultMQProducer("rig");
        try (BrokerTransport red =
                Rocket.at(RocketRig.server().nameServer()).namespace("red").open("red")) {
            red.ensure(DestinationSpec.of(destination));
            publish(red, "ours");
            raw.setNamesrvAddr(RocketRig.server().nameServer());
            raw.setInstanceName(UUID.randomUUID().toString());
            raw.setNamespace("red");
            raw.start();
            raw.send(new Message(destination, "theirs".getBytes()), 30_000);
        } finally {
            raw.shutdown();
        }
        assertThat(RocketRig.bodies("red%" + destination, 0, 0)).containsExactly("ours", "theirs");
    }

    /** The store is one; what it remembers is not. */
    @Test
    void handlesAnIdInEachNamespaceThoughTheyShareAStore() {
        Rocket rocket = Rocket.at(RocketRig.server().nameServer());
        IdempotencyStoreFactory store = InProcessIdempotency.create();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        Map<String, MessagingClient> clients = new TreeMap<>();
        try {
            for (String namespace : List.of("red", "blue")) {
                MessagingClient client = MessagingClient.builder()
                        .profile(Profile.DEV)
                        .transport(rocket.namespace(namespace))
                        .idempotency(store)
                        .build();
                clients.put(namespace, client);
                client.ensure(DestinationSpec.builder(destination).group("g").build());
                client.subscription(destination, Codecs.string())
                        .group("g")
                        .handler(delivery -> handled.add(namespace + " " + delivery.body()))
                        .start();
            }
            for (String body : List.of("first", "repeated", "again")) {
                clients.forEach((namespace, client) -> {
                    Publisher<String> publisher = client.publisher(destination, Codecs.string());
                    publisher
                            .publish(OutboundMessage.of("body").id("one-id").key("k"))
                            .join();
                    publisher
                            .publish(
                                    OutboundMessage.of(body).id("id-of-" + body).key("k"))
                            .join();
                });
            }
            await().atMost(ofSeconds(60)).until(() -> handled.contains("red again") && handled.contains("blue again"));
        } finally {
            clients.values().forEach(MessagingClient::close);
        }
        assertThat(handled)
                .containsExactlyInAnyOrder(
                        "red body",
                        "red first",
                        "red repeated",
                        "red again",
                        "blue body",
                        "blue first",
                        "blue repeated",
                        "blue again");
    }

    private void publish(BrokerTransport transport, String body) {
        try (PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(RocketRig.frame(destination, null, body), body);
            await().atMost(ofSeconds(60)).until(() -> outcomes.confirmed.containsKey(body));
        }
    }
}
