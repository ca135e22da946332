package io.oncemq.it.publish;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.PublisherOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topics made by others, a moment before the first message: their leaders may not have taken over. */
@Timeout(900)
class FreshTopicIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PARTITIONS = 4;
    private static final int MESSAGES = 3_000;

    @Test
    @DisplayName("K15: create and publish at once, 5 times")
    void losesNothingOnFreshTopics() throws Exception {
        createAndPublish(5);
    }

    @Test
    @Tag("slow")
    @DisplayName("K15: create and publish at once, hot, 40 times")
    void losesNothingOnFortyFreshTopics() throws Exception {
        createAndPublish(40);
    }

    private static void createAndPublish(int times) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", ProxiedKafka.bootstrap()));
                MessagingClient client = ProxiedKafka.client(event -> {})) {
            for (int time = 0; time < times; time++) {
                String topic = ProxiedKafka.name("fresh");
                Published published = new Published(client.publisher(
                        topic,
                        Codecs.string(),
                        PublisherOptions.builder().deadline(PATIENCE).build()));
                admin.createTopics(List.of(new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())))
                        .all()
                        .get();
                published.publish("fresh-", MESSAGES, 30);
                published.assertConfirmed(PATIENCE);
                StoredLog.of(topic).assertHoldsInOrder(published.idsOfKeys());
            }
        }
    }
}
