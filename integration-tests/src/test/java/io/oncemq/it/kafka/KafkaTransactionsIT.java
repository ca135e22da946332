package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** S6: a foreign producer that aborts its transactions. What it aborted is not a message. */
class KafkaTransactionsIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("transactions");
    private final Producer<byte[], byte[]> producer = raw.producer(Map.of("transactional.id", topic));

    @AfterEach
    void close() {
        producer.close(Duration.ZERO);
        raw.close();
    }

    /** The producer sends the same ids once more after the abort, as a retry of its work would. */
    @Test
    void abortedRecordsAreNeitherHandledNorDuplicatesOfWhatIsSentAgain() {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        producer.initTransactions();
        try (MessagingClient client = Engine.client(InProcessIdempotency.create())) {
            String destination = Engine.topic(client, "transactions", 1);
            try (Subscription ignored = client.subscription(destination, Codecs.string())
                    .group("g")
                    .handler(delivery -> {
                        handled.add(delivery.body());
                    })
                    .start()) {
                for (int round = 0; round < 3; round++) {
                    transaction(destination, round, "aborted", false);
                    transaction(destination, round, "kept", true);
                }
                transaction(destination, 3, "aborted", false);
                await().atMost(PATIENT)
                        .until(() -> raw.committedOffset("g", destination, 0) == raw.end(destination, 0));
            }
        }
        assertThat(handled)
                .containsExactlyInAnyOrder(
                        "kept-0-0",
                        "kept-0-1",
                        "kept-0-2",
                        "kept-1-0",
                        "kept-1-1",
                        "kept-1-2",
                        "kept-2-0",
                        "kept-2-1",
                        "kept-2-2");
    }

    /** What is still open is not lost to a group that starts at the latest, nor counted as its backlog. */
    @Test
    void whatIsStillOpenWhenAGroupStartsAtTheLatestIsReadOnceItIsCommitted() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 5);
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(record(topic, "open", "open"));
        producer.flush();
        Deliveries deliveries = new Deliveries();
        try (BrokerTransport transport = SharedKafka.open(SharedKafka.kafka(GroupProtocol.CLASSIC));
                MessageSource source = transport.openSource(Sources.latest(topic, "late"), deliveries)) {
            source.start();
            await().atMost(PATIENT).until(() -> raw.committedOffset("late", topic, 0) == 5);
            assertThat(transport.backlog(topic, "late").get(0).messages()).isZero();
            producer.commitTransaction();
            await().atMost(PATIENT).until(() -> deliveries.texts().contains("open"));
        }
        assertThat(deliveries.texts()).containsExactly("open");
    }

    private void transaction(String destination, int round, String body, boolean commit) {
        producer.beginTransaction();
        for (int i = 0; i < 3; i++) {
            producer.send(record(destination, round + "-" + i, body + "-" + round + "-" + i));
        }
        producer.flush();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String destination, String id, String body) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(destination, 0, "k".getBytes(UTF_8), body.getBytes(UTF_8));
        record.headers().add("ce_id", id.getBytes(UTF_8));
        return record;
    }
}
