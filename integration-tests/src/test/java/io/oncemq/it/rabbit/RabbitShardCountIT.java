package io.oncemq.it.rabbit;

import static io.oncemq.it.rabbit.PublishRig.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PartitionsAccepted;
import io.oncemq.MessagingEvent.PartitionsChanged;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.spi.KeyHash;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** K13 on RabbitMQ: until it is accepted that a destination has more shards, no key goes to another one. */
@NeedsRabbit
class RabbitShardCountIT {
    private static final int KEYS = 12;

    private final RabbitServer server = PublishRig.server();
    private final String destination = PublishRig.name();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();

    @Test
    void noKeyMovesBeforeTheChangeIsAccepted() {
        try (MessagingClient client = MessagingClient.builder()
                .transport(PublishRig.rabbit(server))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build()) {
            client.ensure(DestinationSpec.builder(destination)
                    .partitions(2)
                    .group("g")
                    .build());
            Publisher<String> orders = client.publisher(
                    destination,
                    Codecs.string(),
                    PublisherOptions.builder().deadline(Duration.ofMinutes(5)).build());
            publishRound(orders);
            receipts.forEach(CompletableFuture::join);
            assertPlacedOver(2);
            grow();
            publishRound(orders);
            await().until(() -> events.contains(new PartitionsChanged(destination, 2, 3)));
            orders.publish(OutboundMessage.of("plain")).join();
            assertThat(receipts.subList(KEYS, receipts.size())).noneMatch(CompletableFuture::isDone);
            client.acceptPartitions(destination, 3);
            receipts.forEach(CompletableFuture::join);
        }
        assertPlacedOver(3);
        assertThat(events).contains(new PartitionsAccepted(destination, 3));
    }

    /** As docs/wire-format.md says: bind under the new keys, mark, unbind the old ones. */
    private void grow() {
        raw(server, channel -> {
            Map<String, Object> quorum = Map.of("x-queue-type", "quorum");
            channel.queueDeclare(destination + ".g.2", true, false, false, quorum);
            for (int shard = 0; shard < 3; shard++) {
                channel.queueBind(destination + ".g." + shard, destination, shard + "/3");
            }
            channel.exchangeDeclare(destination + ".shard.2", "direct", true);
            for (int shard = 0; shard < 2; shard++) {
                channel.queueUnbind(destination + ".g." + shard, destination, shard + "/2");
            }
            return true;
        });
    }

    private void publishRound(Publisher<String> publisher) {
        for (int key = 0; key < KEYS; key++) {
            receipts.add(publisher.publish(OutboundMessage.of("key-" + key).key("key-" + key)));
        }
    }

    private void assertPlacedOver(int shards) {
        for (int shard = 0; shard < shards; shard++) {
            int place = shard;
            assertThat(PublishRig.bodies(PublishRig.drain(server, destination + ".g." + shard)))
                    .filteredOn(body -> body.startsWith("key-"))
                    .allSatisfy(body ->
                            assertThat(KeyHash.place(KeyHash.of(body), shards)).isEqualTo(place));
        }
    }
}
