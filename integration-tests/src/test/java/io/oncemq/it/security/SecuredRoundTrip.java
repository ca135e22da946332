package io.oncemq.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.kafka.Kafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** Publish, claim, handle, acknowledge, with a duplicate among the messages. */
final class SecuredRoundTrip {
    private static final int MESSAGES = 40;

    private SecuredRoundTrip() {}

    static void assertWorks(Kafka kafka) throws Exception {
        String topic = SecuredKafka.name("secured");
        ConcurrentLinkedQueue<String> handled = new ConcurrentLinkedQueue<>();
        try (MessagingClient client = client(kafka)) {
            client.ensure(
                    DestinationSpec.builder(topic).partitions(1).group("g").build());
            Publisher<String> publisher = client.publisher(topic, Codecs.string());
            List<CompletableFuture<Receipt>> receipts = IntStream.range(0, MESSAGES)
                    .mapToObj(i -> publisher.publish(
                            OutboundMessage.of("m" + i).id("id-" + i).key("k" + i % 3)))
                    .toList();
            receipts.forEach(CompletableFuture::join);
            publisher.publish(OutboundMessage.of("again").id("id-0").key("k0")).join();
            try (Admin admin = admin();
                    Subscription ignored = client.subscription(topic, Codecs.string())
                            .group("g")
                            .handler(delivery -> handled.add(delivery.body()))
                            .start()) {
                await().atMost(Duration.ofSeconds(60)).until(() -> handled.size() >= MESSAGES);
                await().atMost(Duration.ofSeconds(60)).until(() -> committed(admin, topic) == MESSAGES + 1);
            }
        }
        assertThat(handled)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList());
    }

    /** A broker hears of a changed password from its controller, a moment after that has confirmed it. */
    static void awaitLogin(Kafka kafka) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(AuthenticationException.class)
                .until(() -> {
                    client(kafka).close();
                    return true;
                });
    }

    static MessagingClient client(Kafka kafka) {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(kafka)
                .idempotency(InProcessIdempotency.create())
                .build();
    }

    private static long committed(Admin admin, String topic) throws Exception {
        Map<?, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets("g@@" + topic)
                .partitionsToOffsetAndMetadata()
                .get();
        return offsets.entrySet().stream()
                .filter(each -> each.getKey().toString().equals(topic + "-0"))
                .mapToLong(each -> each.getValue().offset())
                .sum();
    }

    static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", SecuredKafka.server().bootstrap()));
    }
}
