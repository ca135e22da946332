package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PartitionsAccepted;
import io.oncemq.MessagingEvent.PartitionsChanged;
import io.oncemq.MessagingEvent.PartitionsRestored;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.KeyHash;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An operator changes how many queues a topic has: no key goes elsewhere before that is accepted, and then all do, in order (K13 on RocketMQ). */
class RocketQueueCountIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int KEYS = 12;

    private final RocketServer server = RocketRig.server();
    private final String destination = RocketRig.name();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    private int rounds;

    private MessagingClient client() {
        return client(events);
    }

    private MessagingClient client(List<MessagingEvent> told) {
        return MessagingClient.builder()
                .transport(Rocket.at(server.nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .eventListener(told::add)
                .build();
    }

    /** As {@code mqadmin updateTopic} does it, for the whole cluster. */
    private void change(int queuesPerBroker) {
        server.createTopic(RocketAsk.topic(destination), queuesPerBroker);
    }

    @Test
    void noKeyMovesBeforeAHigherNumberIsAcceptedAndThenAllDoInOrder() {
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (MessagingClient client = client()) {
            client.ensure(DestinationSpec.builder(destination)
                    .partitions(4)
                    .group("count")
                    .build());
            client.subscription(destination, Codecs.string())
                    .group("count")
                    .deadLetter(DeadLetterPolicy.block())
                    .handler(delivery -> handled.add(delivery.id()))
                    .start();
            Publisher<String> orders = publisher(client);
            publishRound(orders);
            receipts.forEach(CompletableFuture::join);
            change(3);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
                publishRound(orders);
                return events.contains(new PartitionsChanged(destination, 4, 6));
            });
            int heard = receipts.size();
            publishRound(orders);
            orders.publish(OutboundMessage.of("plain")).join();
            assertThat(receipts.subList(heard, receipts.size())).noneMatch(CompletableFuture::isDone);
            assertThat(moved(stored())).isZero();
            aProcessThatStartsMeanwhileMovesNoKeyEither();
            int accepted = rounds;
            client.acceptPartitions(destination, 6);
            publishRound(orders);
            receipts.forEach(CompletableFuture::join);
            List<List<String>> stored = stored();
            assertThat(moved(stored)).isPositive();
            IntStream.range(0, KEYS).forEach(key -> assertMovedOnce(stored, key, accepted));
            await().atMost(PATIENCE).until(() -> handled.size() == receipts.size() + 1);
        }
        assertThat(events.stream().filter(PartitionsAccepted.class::isInstance))
                .containsExactly(new PartitionsAccepted(destination, 6));
        aProcessThatStartsLaterUsesWhatWasAccepted();
    }

    private void aProcessThatStartsMeanwhileMovesNoKeyEither() {
        List<MessagingEvent> told = new CopyOnWriteArrayList<>();
        try (MessagingClient late = client(told)) {
            CompletableFuture<Receipt> waits =
                    publisher(late).publish(OutboundMessage.of("late").key("key-0"));
            // It learns of the change from its first look, however long that takes.
            await().atMost(PATIENCE).until(() -> told.contains(new PartitionsChanged(destination, 4, 6)));
            PublisherOptions hasty =
                    PublisherOptions.builder().deadline(Duration.ofMillis(500)).build();
            assertThat(late.publisher(destination, Codecs.string(), hasty)
                            .publish(OutboundMessage.of("late").key("key-0"))
                            .handle((receipt, failure) -> failure)
                            .join())
                    .hasMessageContaining("has 6 partitions")
                    .hasMessageContaining("over 4");
            assertThat(waits).isNotDone();
        }
    }

    private void aProcessThatStartsLaterUsesWhatWasAccepted() {
        events.clear();
        try (MessagingClient later = client()) {
            publishRound(publisher(later));
            receipts.forEach(CompletableFuture::join);
        }
        assertThat(events).noneMatch(PartitionsChanged.class::isInstance);
        assertThat(stored().get(KeyHash.place(KeyHash.of("key-0"), 6))).contains("0:" + (rounds - 1));
    }

    /** @return how many receipts there were before the round that the change holds */
    private int changeWithARoundHeld(Publisher<String> orders) {
        publishRound(orders);
        receipts.forEach(CompletableFuture::join);
        change(3);
        await().atMost(PATIENCE).until(() -> events.contains(new PartitionsChanged(destination, 4, 6)));
        int before = receipts.size();
        publishRound(orders);
        return before;
    }

    /** A server that does not answer has not taken the change back. */
    @Test
    void keysStayHeldWhileTheNameServerStandsStill() {
        try (MessagingClient client = client()) {
            client.ensure(DestinationSpec.builder(destination).partitions(4).build());
            Publisher<String> orders = publisher(client);
            int before = changeWithARoundHeld(orders);
            server.pauseNameServer();
            try {
                // A look-up has three questions and gives each of them up after three to five seconds.
                await().atMost(PATIENCE)
                        .during(Duration.ofSeconds(20))
                        .until(() -> events.stream().noneMatch(PartitionsRestored.class::isInstance));
            } finally {
                server.resumeNameServer();
            }
            assertThat(receipts.subList(before, receipts.size())).noneMatch(CompletableFuture::isDone);
            client.acceptPartitions(destination, 6);
            receipts.forEach(CompletableFuture::join);
        }
        aProcessThatStartsLaterUsesWhatWasAccepted();
    }

    /** They ended unknown, without a cause. */
    @Test
    void afterAShrinkKeysAreHeldUntilTheLowerNumberIsEnsured() {
        try (MessagingClient client = client()) {
            client.ensure(DestinationSpec.builder(destination).partitions(4).build());
            Publisher<String> orders = publisher(client);
            publishRound(orders);
            receipts.forEach(CompletableFuture::join);
            change(1);
            Publisher<String> hasty = client.publisher(
                    destination,
                    Codecs.string(),
                    PublisherOptions.builder().deadline(Duration.ofSeconds(8)).build());
            String key = RocketRig.keyFor(3, 4);
            assertThat(hasty.publish(OutboundMessage.of("x").key(key))
                            .handle((receipt, failure) -> failure)
                            .join())
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.NOT_ATTEMPTED))
                    .hasMessageContaining("has 2 partitions");
            assertThat(events).contains(new PartitionsChanged(destination, 4, 2));
            client.ensure(DestinationSpec.builder(destination).partitions(2).build());
            orders.publish(OutboundMessage.of("y").key(key)).join();
        }
    }

    /** The change was an error, and its operator knows it: nothing has to be accepted, and waiting messages are sent. */
    @Test
    void keysContinueWhenAChangeIsTakenBack() {
        try (MessagingClient client = client()) {
            client.ensure(DestinationSpec.builder(destination).partitions(4).build());
            Publisher<String> orders = publisher(client);
            int before = changeWithARoundHeld(orders);
            change(2);
            receipts.subList(before, receipts.size()).forEach(CompletableFuture::join);
            await().until(() -> events.contains(new PartitionsRestored(destination, 4)));
            assertThat(events).noneMatch(PartitionsAccepted.class::isInstance);
            assertThat(moved(stored())).isZero();
        }
    }

    /** B11: a name server that starts without its files knows no layout; while a broker is unreachable a route would move keys. */
    @Test
    void aLayoutThatTheNameServersLostIsWrittenDownAgain() throws Exception {
        String topic = RocketAsk.topic(destination);
        try (RocketAsk ask = new RocketAsk();
                BrokerTransport transport = Rocket.at(server.nameServer()).open("layout-it")) {
            transport.ensure(DestinationSpec.builder(destination).partitions(4).build());
            assertThat(ask.layout(topic)).isEqualTo("broker-0:2;broker-1:2");
            ask.forgetLayout(topic);
            assertThat(transport.exists(destination)).isTrue();
            assertThat(ask.layout(topic)).isEqualTo("broker-0:2;broker-1:2");
            ask.forgetLayout(topic);
        }
        try (RocketAsk ask = new RocketAsk();
                BrokerTransport newcomer = Rocket.at(server.nameServer()).open("layout-it")) {
            server.killBroker(1);
            try {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                        () -> newcomer.exists(destination)))
                                .hasMessageContaining("have lost the queues"));
            } finally {
                server.restartBroker(1);
            }
            await().atMost(PATIENCE).ignoreExceptions().until(() -> newcomer.exists(destination));
            assertThat(ask.layout(topic)).isEqualTo("broker-0:2;broker-1:2");
        }
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

    /** By the places of six queues; the four of before are the first two of each broker. */
    private List<List<String>> stored() {
        String topic = RocketAsk.topic(destination);
        return IntStream.range(0, 6)
                .mapToObj(p -> RocketRig.bodies(topic, p / 3, p % 3))
                .toList();
    }

    /** The place among six of what was a place among four. */
    private static int before(int key) {
        int place = KeyHash.place(KeyHash.of("key-" + key), 4);
        return place / 2 * 3 + place % 2;
    }

    private static long moved(List<List<String>> stored) {
        return IntStream.range(0, KEYS)
                .mapToLong(key -> IntStream.range(0, 6)
                        .filter(p -> p != before(key))
                        .mapToLong(p -> numbers(stored.get(p), key).size())
                        .sum())
                .sum();
    }

    private void assertMovedOnce(List<List<String>> stored, int key, int accepted) {
        int after = KeyHash.place(KeyHash.of("key-" + key), 6);
        List<Integer> all = new ArrayList<>(numbers(stored.get(before(key)), key));
        if (after != before(key)) {
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
