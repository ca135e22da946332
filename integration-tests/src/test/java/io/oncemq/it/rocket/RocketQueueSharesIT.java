package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PartitionsAccepted;
import io.oncemq.MessagingEvent.PartitionsMoved;
import io.oncemq.MessagingEvent.PartitionsRevoked;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.KeyHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator moves a queue from one broker to another, so that their number stays: no key goes elsewhere before that is accepted (K13 on RocketMQ). */
class RocketQueueSharesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEYS = 12;
    private static final int QUEUES = 4;
    private static final String BEFORE = "broker-0:2;broker-1:2";
    private static final String NOW = "broker-0:3;broker-1:1";
    /** All queues that there ever are, as broker and number. */
    private static final int[][] ALL = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}};
    /** Where the four places are among them. */
    private static final int[] PLACES_BEFORE = {0, 1, 3, 4};

    private static final int[] PLACES_NOW = {0, 1, 2, 3};

    private final String destination = RocketRig.name();
    private final String topic = RocketAsk.topic(destination);
    private final RocketAsk ask = new RocketAsk();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    private int rounds;

    RocketQueueSharesIT() throws Exception {}

    @AfterEach
    void close() {
        ask.close();
    }

    /** What is written to the removed queue before can be read, as docs/rocketmq.md demands. */
    private void move() throws Exception {
        ask.change(topic, 0, 3, 3);
        ask.change(topic, 1, 2, 1);
    }

    @Test
    void noKeyMovesBeforeOtherSharesAreAcceptedAndThenAllDoInOrder() throws Exception {
        Set<String> handled = ConcurrentHashMap.newKeySet();
        PartitionsMoved moved = new PartitionsMoved(destination, QUEUES, BEFORE, NOW);
        List<MessagingEvent> othersEvents = new CopyOnWriteArrayList<>();
        try (MessagingClient client = client(events);
                MessagingClient other = client(othersEvents)) {
            client.ensure(DestinationSpec.builder(destination)
                    .partitions(QUEUES)
                    .group("shares")
                    .build());
            client.subscription(destination, Codecs.string())
                    .group("shares")
                    .deadLetter(DeadLetterPolicy.block())
                    .handler(delivery -> handled.add(delivery.id()))
                    .start();
            Publisher<String> orders = publisher(client);
            Publisher<String> others = publisher(other);
            receipts.add(others.publish(OutboundMessage.of("other").key("another")));
            publishRound(orders);
            receipts.forEach(CompletableFuture::join);
            move();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                publishRound(orders);
                return events.contains(moved);
            });
            int heard = receipts.size();
            publishRound(orders);
            orders.publish(OutboundMessage.of("plain")).join();
            assertThat(receipts.subList(heard, receipts.size())).noneMatch(CompletableFuture::isDone);
            assertThat(moved(stored())).isZero();
            int accepted = rounds;
            client.acceptPartitions(destination, QUEUES);
            publishRound(orders);
            receipts.forEach(CompletableFuture::join);
            List<List<String>> stored = stored();
            assertThat(moved(stored)).isPositive();
            IntStream.range(0, KEYS).forEach(key -> assertMovedOnce(stored, key, accepted));
            assertThat(ask.layout(topic)).isEqualTo(NOW);
            anotherRunningProcessSaysWhatToCall(other, othersEvents, moved);
            await().atMost(PATIENCE).until(() -> handled.size() == receipts.size() + 2);
        }
        assertThat(events.stream().filter(PartitionsAccepted.class::isInstance))
                .containsExactly(new PartitionsAccepted(destination, QUEUES));
        aProcessThatStartsLaterUsesWhatWasAccepted();
    }

    private void anotherRunningProcessSaysWhatToCall(
            MessagingClient other, List<MessagingEvent> heard, PartitionsMoved moved) {
        await().atMost(PATIENCE).until(() -> heard.contains(moved));
        PublisherOptions hasty =
                PublisherOptions.builder().deadline(Duration.ofSeconds(3)).build();
        assertThat(other.publisher(destination, Codecs.string(), hasty)
                        .publish(OutboundMessage.of("late").key("another"))
                        .handle((receipt, failure) -> failure)
                        .join())
                .isInstanceOfSatisfying(
                        PublishRejectedException.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(Reason.NOT_ATTEMPTED))
                .hasMessageContaining(NOW)
                .hasMessageContaining(BEFORE)
                .hasMessageContaining("acceptPartitions(\"" + destination + "\", " + QUEUES + ")");
        other.ensure(DestinationSpec.builder(destination).partitions(QUEUES).build());
        publisher(other).publish(OutboundMessage.of("other").key("another")).join();
    }

    private void aProcessThatStartsLaterUsesWhatWasAccepted() {
        events.clear();
        try (MessagingClient later = client(events)) {
            publishRound(publisher(later));
            receipts.forEach(CompletableFuture::join);
        }
        assertThat(events).noneMatch(PartitionsMoved.class::isInstance);
        List<List<String>> stored = stored();
        IntStream.range(0, KEYS)
                .forEach(key -> assertThat(stored.get(PLACES_NOW[place(key)])).contains(key + ":" + (rounds - 1)));
    }

    /** The change came while no process ran. */
    @Test
    void aProcessThatEnsuresTheNumberAtItsStartAcceptsOtherShares() throws Exception {
        try (MessagingClient client = client(events)) {
            client.ensure(
                    DestinationSpec.builder(destination).partitions(QUEUES).build());
            publishRound(publisher(client));
            receipts.forEach(CompletableFuture::join);
        }
        move();
        await().atMost(PATIENCE).until(() -> ask.writable(topic).equals(NOW));
        try (MessagingClient client = client(events)) {
            client.ensure(
                    DestinationSpec.builder(destination).partitions(QUEUES).build());
            assertThat(ask.layout(topic)).isEqualTo(NOW);
            publishRound(publisher(client));
            receipts.forEach(CompletableFuture::join);
        }
        List<List<String>> stored = stored();
        IntStream.range(0, KEYS).forEach(key -> assertMovedOnce(stored, key, 1));
        assertThat(events).noneMatch(PartitionsMoved.class::isInstance);
    }

    /** A process that only subscribes accepts nothing; it was refused by the removed queue's broker for ever. */
    @Test
    void aSubscriptionLeavesAQueueThatCanBeReadNoLonger() throws Exception {
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (MessagingClient client = client(events)) {
            client.ensure(DestinationSpec.builder(destination)
                    .partitions(QUEUES)
                    .group("shares")
                    .build());
            client.subscription(destination, Codecs.string())
                    .group("shares")
                    .deadLetter(DeadLetterPolicy.block())
                    .handler(delivery -> handled.add(delivery.body()))
                    .start();
            for (int[] each : new int[][] {{0, 0}, {1, 0}, {1, 1}}) {
                ask.publish(
                        ask.queue(destination, each[0], each[1]),
                        each[0] * 20 + each[1] * 10,
                        each[0] * 20 + each[1] * 10 + 5);
            }
            await().atMost(PATIENCE).until(() -> handled.size() == 15);
            ask.change(topic, 1, 1, 1);
            await().atMost(PATIENCE)
                    .until(() -> events.stream()
                            .anyMatch(event -> event instanceof PartitionsRevoked revoked
                                    && revoked.partitions().contains("broker-1-1")));
            events.clear();
            ask.publish(ask.queue(destination, 1, 0), 100, 105);
            await().atMost(PATIENCE).until(() -> handled.size() == 20);
            // Longer than a refused pull waits for its next try.
            await().during(Duration.ofSeconds(6))
                    .atMost(PATIENCE)
                    .until(() -> events.stream().noneMatch(SourceInterrupted.class::isInstance));
        }
    }

    private static MessagingClient client(List<MessagingEvent> events) {
        return MessagingClient.builder()
                .transport(Rocket.at(RocketRig.server().nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build();
    }

    private Publisher<String> publisher(MessagingClient client) {
        return client.publisher(
                destination,
                Codecs.string(),
                PublisherOptions.builder().deadline(Duration.ofMinutes(5)).build());
    }

    /** One message of each key. */
    private void publishRound(Publisher<String> publisher) {
        IntStream.range(0, KEYS)
                .forEach(key -> receipts.add(
                        publisher.publish(OutboundMessage.of(key + ":" + rounds).key("key-" + key))));
        rounds++;
    }

    private List<List<String>> stored() {
        return IntStream.range(0, ALL.length)
                .mapToObj(i -> RocketRig.bodies(topic, ALL[i][0], ALL[i][1]))
                .toList();
    }

    private static int place(int key) {
        return KeyHash.place(KeyHash.of("key-" + key), QUEUES);
    }

    private static long moved(List<List<String>> stored) {
        return IntStream.range(0, KEYS)
                .mapToLong(key -> IntStream.range(0, ALL.length)
                        .filter(queue -> queue != PLACES_BEFORE[place(key)])
                        .mapToLong(queue -> numbers(stored.get(queue), key).size())
                        .sum())
                .sum();
    }

    private void assertMovedOnce(List<List<String>> stored, int key, int accepted) {
        int before = PLACES_BEFORE[place(key)];
        int after = PLACES_NOW[place(key)];
        List<Integer> all = new ArrayList<>(numbers(stored.get(before), key));
        if (after != before) {
            assertThat(all).as("stored in the old queue").allMatch(number -> number < accepted);
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
