package io.oncemq.it.rabbit;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Shards that an operator adds count where subscriptions share a connection: the server bounds the channels of one. */
@NeedsRabbit
@Tag("slow")
class RabbitAddedShardsIT {
    /** Two subscriptions share a connection with these, of seven queues together. */
    private static final int CHANNELS = 13;

    private static final int SHARDS = 6;

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @Test
    void addedShardsAreReadThoughTheSharedConnectionHasNoChannelsLeft() {
        try (RabbitServer server =
                RabbitServer.builder().config("channel_max", CHANNELS).build()) {
            server.start();
            try (MessagingClient client = MessagingClient.builder()
                    .transport(PublishRig.rabbit(server))
                    .withoutIdempotency()
                    .profile(Profile.DEV)
                    .build()) {
                client.ensure(DestinationSpec.builder("wide")
                        .partitions(SHARDS)
                        .group("g")
                        .build());
                client.ensure(DestinationSpec.builder("narrow")
                        .partitions(1)
                        .group("g")
                        .build());
                read(client, "wide");
                read(client, "narrow");
                publish(server, "wide", SHARDS, "before");
                publish(server, "narrow", 1, "before");
                await().until(() -> handled.size() == SHARDS + 1);
                grow(server);
                publish(server, "narrow", SHARDS, "after");
                publish(server, "wide", SHARDS, "after");
                await().until(() -> handled.size() == 3 * SHARDS + 1);
            }
        }
    }

    private void read(MessagingClient client, String destination) {
        client.subscription(destination, Codecs.string())
                .group("g")
                .handler(delivery -> handled.add(delivery.id()))
                .start();
    }

    private static void publish(RabbitServer server, String destination, int shards, String what) {
        PublishRig.raw(server, channel -> {
            channel.confirmSelect();
            for (int shard = 0; shard < shards; shard++) {
                BasicProperties properties = new BasicProperties.Builder()
                        .messageId(destination + shard + what)
                        .build();
                channel.basicPublish("", destination + ".g." + shard, true, properties, new byte[1]);
            }
            channel.waitForConfirmsOrDie(60_000);
            return true;
        });
    }

    /** Queues first, and then what tells their number. */
    private static void grow(RabbitServer server) {
        PublishRig.raw(server, channel -> {
            Map<String, Object> arguments = Map.of("x-queue-type", "quorum", "x-single-active-consumer", true);
            for (int shard = 1; shard < SHARDS; shard++) {
                channel.queueDeclare("narrow.g." + shard, true, false, false, arguments);
            }
            for (int shard = 1; shard < SHARDS; shard++) {
                channel.exchangeDeclare("narrow.shard." + shard, "direct", true);
            }
            return true;
        });
    }
}
