package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.Delivery;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.CompletionAlert;
import io.oncemq.MessagingEvent.PartitionsAssigned;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.Providers;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * K9: a partition leaves a member and comes back to it while a handler of the first assignment still runs. The epoch drops
 * what that handler completes; the fencing token comes from the store and has nothing to do with it.
 */
class KafkaEpochIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofMillis(200);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final String GROUP = "epochs";

    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("epoch");

    @AfterEach
    void close() {
        raw.close();
    }

    /** One member of the group, whose handlers hold until they are released, whatever interrupts them. */
    private final class Stubborn implements AutoCloseable {
        final List<Delivery<String>> started = new CopyOnWriteArrayList<>();
        final List<String> ended = new CopyOnWriteArrayList<>();
        final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
        final Map<String, CountDownLatch> holds;
        final MessagingClient client;
        final Subscription subscription;

        Stubborn(GroupProtocol protocol, MessagingClientBuilder store, Map<String, CountDownLatch> holds) {
            this.holds = holds;
            Kafka kafka = SharedKafka.kafka(protocol);
            client = store.transport(
                            protocol == GroupProtocol.CLASSIC
                                    ? kafka.consumerProperty("heartbeat.interval.ms", 300)
                                    : kafka)
                    .profile(Profile.DEV)
                    .eventListener(events::add)
                    .build();
            subscription = client.subscription(topic, Codecs.string())
                    .group(GROUP)
                    .deadLetter(DeadLetterPolicy.block())
                    .lease(LEASE)
                    .drainTimeout(DRAIN)
                    .handler(this::handle)
                    .start();
        }

        private void handle(Delivery<String> delivery) {
            String turn = delivery.key() + "#"
                    + started.stream()
                            .filter(each -> each.id().equals(delivery.id()))
                            .count();
            started.add(delivery);
            CountDownLatch hold = holds.get(turn);
            if (hold != null) {
                awaitUninterrupted(hold);
            }
            ended.add(delivery.id());
        }

        List<Delivery<String>> started(String id) {
            return started.stream().filter(each -> each.id().equals(id)).toList();
        }

        long token(String id) {
            List<Delivery<String>> deliveries = started(id);
            return deliveries.get(deliveries.size() - 1).fencingToken().orElseThrow();
        }

        /** Its partitions when it was assigned some last. */
        List<String> assigned() {
            return Stream.concat(
                            Stream.of(List.<String>of()),
                            events.stream()
                                    .filter(PartitionsAssigned.class::isInstance)
                                    .map(event -> ((PartitionsAssigned) event).partitions()))
                    .reduce((earlier, later) -> later)
                    .orElseThrow();
        }

        @Override
        public void close() {
            client.close(Duration.ofSeconds(1));
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String keyOf(int partition) {
        return Stream.iterate(0, n -> n + 1)
                .map(n -> "k" + n)
                .filter(key -> KeyHash.place(KeyHash.of(key), 2) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static void publish(MessagingClient client, String topic, String id, String key) {
        client.publisher(topic, Codecs.string())
                .publish(OutboundMessage.of(id).id(id).key(key))
                .join();
    }

    /** Without a store nothing but the epoch stands between the two completions. */
    @ParameterizedTest
    @EnumSource
    void lateCompletionOfAnEarlierAssignmentSettlesNothingOfTheNext(GroupProtocol protocol) {
        raw.create(topic, 2, Map.of());
        CountDownLatch late = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Map<String, CountDownLatch> holds =
                Map.of(keyOf(0) + "#0", late, keyOf(1) + "#0", late, keyOf(0) + "#1", second, keyOf(1) + "#1", second);
        try (Stubborn first = new Stubborn(protocol, MessagingClient.builder().withoutIdempotency(), holds)) {
            publish(first.client, topic, "m0", keyOf(0));
            publish(first.client, topic, "m1", keyOf(1));
            await().atMost(PATIENCE).until(() -> first.started.size() == 2);
            CountDownLatch never = new CountDownLatch(1);
            Map<String, CountDownLatch> forever = Map.of(keyOf(0) + "#0", never, keyOf(1) + "#0", never);
            int moved;
            try (Stubborn other =
                    new Stubborn(protocol, MessagingClient.builder().withoutIdempotency(), forever)) {
                await().atMost(PATIENCE).until(() -> other.started.size() == 1);
                moved = other.started.get(0).id().equals("m0") ? 0 : 1;
            } finally {
                never.countDown();
            }
            await().atMost(PATIENCE).until(() -> first.assigned().equals(List.of(topic + "-" + moved)));
            await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> first.started.size() == 2);
            late.countDown();
            await().atMost(PATIENCE).until(() -> first.started("m" + moved).size() == 2);
            assertThat(first.ended).contains("m" + moved);
            await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> committed(moved) <= 0);
            second.countDown();
            await().atMost(PATIENCE).until(() -> committed(moved) == 1);
        } finally {
            late.countDown();
            second.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void fencingTokensGrowThoughEachMemberCountsItsOwnEpochs(GroupProtocol protocol) {
        raw.create(topic, 2, Map.of());
        CountDownLatch late = new CountDownLatch(1);
        Map<String, CountDownLatch> holds = Map.of(keyOf(0) + "#0", late, keyOf(1) + "#0", late);
        try (RedisServer redis = RedisServer.started();
                Stubborn first = new Stubborn(protocol, storedIn(redis), holds)) {
            publish(first.client, topic, "m0", keyOf(0));
            publish(first.client, topic, "m1", keyOf(1));
            await().atMost(PATIENCE).until(() -> first.started.size() == 2);
            int moved;
            long between;
            try (Stubborn other = new Stubborn(protocol, storedIn(redis), Map.of())) {
                await().atMost(PATIENCE).until(() -> other.ended.size() == 1);
                moved = other.ended.get(0).equals("m0") ? 0 : 1;
                between = other.token("m" + moved);
                await().atMost(PATIENCE).until(() -> committed(moved) == 1);
            }
            await().atMost(PATIENCE).until(() -> first.assigned().equals(List.of(topic + "-" + moved)));
            publish(first.client, topic, "next", keyOf(moved));
            await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> first.started.size() == 2);
            assertThat(committed(moved)).isEqualTo(1);
            late.countDown();
            await().atMost(PATIENCE).until(() -> committed(moved) == 2);
            assertThat(List.of(first.token("m" + moved), between, first.token("next")))
                    .isSorted()
                    .doesNotHaveDuplicates();
            CompletionAlert stolen = new CompletionAlert(topic, GROUP, "m" + moved, CompletionAlert.Kind.STOLEN);
            await().atMost(PATIENCE).until(() -> first.events.contains(stolen));
        } finally {
            late.countDown();
        }
    }

    private static MessagingClientBuilder storedIn(RedisServer redis) {
        return MessagingClient.builder().idempotency(Providers.store(redis.uri()));
    }

    private long committed(int partition) {
        return raw.committedOffset(GROUP, topic, partition);
    }
}
