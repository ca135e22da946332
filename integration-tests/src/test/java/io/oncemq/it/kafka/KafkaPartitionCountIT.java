package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PartitionsAccepted;
import io.oncemq.MessagingEvent.PartitionsChanged;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.spi.KeyHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** K13: until it is accepted that a topic has more partitions, no key goes to another one. */
class KafkaPartitionCountIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEYS = 12;

    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("count");
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    private int rounds;

    @AfterEach
    void close() {
        raw.close();
    }

    /** Clients that learn of new partitions within a moment, so that the producer knows long before they are counted. */
    private MessagingClient client() {
        return MessagingClient.builder()
                .transport(SharedKafka.kafka().clientProperty("metadata.max.age.ms", 200))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build();
    }

    @Test
    void noKeyMovesBeforeTheChangeIsAccepted() {
        raw.create(topic, 4, Map.of());
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (MessagingClient client = client()) {
            client.subscription(topic, Codecs.string())
                    .group("count")
                    .deadLetter(DeadLetterPolicy.block())
                    .handler(delivery -> handled.add(delivery.id()))
                    .start();
            Publisher<String> orders = client.publisher(
                    topic,
                    Codecs.string(),
                    PublisherOptions.builder().deadline(Duration.ofMinutes(5)).build());
            publishRound(orders);
            receipts.forEach(CompletableFuture::join);
            raw.grow(topic, 6);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                publishRound(orders);
                return events.contains(new PartitionsChanged(topic, 4, 6));
            });
            int heard = receipts.size();
            publishRound(orders);
            orders.publish(OutboundMessage.of("plain")).join();
            assertThat(receipts.subList(heard, receipts.size())).noneMatch(CompletableFuture::isDone);
            assertThat(moved(stored())).isZero();
            int accepted = rounds;
            client.acceptPartitions(topic, 6);
            publishRound(orders);
            receipts.forEach(CompletableFuture::join);
            List<List<String>> stored = stored();
            assertThat(moved(stored)).isPositive();
            IntStream.range(0, KEYS).forEach(key -> assertMovedOnce(stored, key, accepted));
            await().atMost(PATIENCE).until(() -> handled.size() == receipts.size() + 1);
        }
        assertThat(events).containsOnlyOnce(new PartitionsChanged(topic, 4, 6), new PartitionsAccepted(topic, 6));
    }

    @Test
    void aProcessConfiguredForAnotherNumberHoldsWhatHasAKey() {
        raw.create(topic, 6, Map.of());
        PublisherOptions four = PublisherOptions.builder()
                .partitions(4)
                .deadline(Duration.ofSeconds(2))
                .build();
        try (MessagingClient client = client()) {
            Publisher<String> orders = client.publisher(topic, Codecs.string(), four);
            Publisher<String> patient = client.publisher(
                    topic, Codecs.string(), four.toBuilder().deadline(PATIENCE).build());
            // Until the first answer the number of partitions is unknown.
            patient.publish(OutboundMessage.of("first")).join();
            CompletableFuture<Receipt> keyed = orders.publish(message(0, 0));
            patient.publish(OutboundMessage.of("plain")).join();
            assertThat(keyed.handle((receipt, failure) -> failure).join())
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.NOT_ATTEMPTED))
                    .hasMessageContaining("has 6 partitions")
                    .hasMessageContaining("over 4");
            client.ensure(DestinationSpec.builder(topic).partitions(6).build());
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                orders.publish(message(0, 0)).join();
                return true;
            });
        }
        assertThat(stored().get(KeyHash.place(KeyHash.of("key-0"), 6))).contains("0:0");
    }

    /** One message of each key. */
    private void publishRound(Publisher<String> publisher) {
        IntStream.range(0, KEYS).forEach(key -> receipts.add(publisher.publish(message(key, rounds))));
        rounds++;
    }

    private static OutboundMessage<String> message(int key, int number) {
        return OutboundMessage.of(key + ":" + number).key("key-" + key);
    }

    private List<List<String>> stored() {
        return IntStream.range(0, 6).mapToObj(p -> raw.bodies(topic, p)).toList();
    }

    /** How many messages lie elsewhere than over four partitions. */
    private static long moved(List<List<String>> stored) {
        return IntStream.range(0, KEYS)
                .mapToLong(key -> IntStream.range(0, 6)
                        .filter(p -> p != KeyHash.place(KeyHash.of("key-" + key), 4))
                        .mapToLong(p -> numbers(stored.get(p), key).size())
                        .sum())
                .sum();
    }

    /** Everything before some round lies in the old partition and everything from there on in the new one, in order. */
    private void assertMovedOnce(List<List<String>> stored, int key, int accepted) {
        int before = KeyHash.place(KeyHash.of("key-" + key), 4);
        int after = KeyHash.place(KeyHash.of("key-" + key), 6);
        List<Integer> all = new ArrayList<>(numbers(stored.get(before), key));
        if (after != before) {
            assertThat(all).as("stored in the old partition").allMatch(number -> number < accepted);
            all.addAll(numbers(stored.get(after), key));
        }
        assertThat(all)
                .as("key-" + key)
                .containsExactlyElementsOf(IntStream.range(0, rounds).boxed().toList());
    }

    private static List<Integer> numbers(List<String> bodies, int key) {
        String prefix = key + ":";
        return bodies.stream()
                .filter(body -> body.startsWith(prefix))
                .map(body -> Integer.valueOf(body.substring(prefix.length())))
                .toList();
    }
}
