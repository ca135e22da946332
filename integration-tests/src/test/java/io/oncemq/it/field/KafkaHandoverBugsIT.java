package io.oncemq.it.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PartitionsAssigned;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.it.kafka.RawKafka;
import io.oncemq.it.kafka.SharedKafka;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.KeyHash;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bugs that other libraries had when partitions changed hands while asynchronous handlers ran. There is no store, so that
 * nothing but the position stands between a message and its loss.
 */
@Tag("slow")
class KafkaHandoverBugsIT {
    private static final Duration DRAIN = Duration.ofMillis(200);
    private static final Duration CLOSE = Duration.ofSeconds(30);

    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("handover");
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final MessagingClient publisher = MessagingClient.builder()
            .transport(SharedKafka.kafka())
            .withoutIdempotency()
            .profile(Profile.DEV)
            .build();

    @AfterEach
    void close() {
        publisher.close();
        raw.close();
    }

    /** One member of the group. Bodies are {@code <partition>-<number>}. */
    private final class Member implements AutoCloseable {
        final Held held;
        final MessagingClient client;
        final Subscription subscription;
        final List<MessagingEvent> own = new CopyOnWriteArrayList<>();

        Member(GroupProtocol protocol, Predicate<String> holds) {
            held = Held.where(holds, done);
            Kafka kafka = SharedKafka.kafka(protocol);
            client = MessagingClient.builder()
                    .transport(
                            protocol == GroupProtocol.CLASSIC
                                    ? kafka.consumerProperty("heartbeat.interval.ms", 300)
                                    : kafka)
                    .withoutIdempotency()
                    .profile(Profile.DEV)
                    .eventListener(events::add)
                    .eventListener(own::add)
                    .build();
            subscription = client.subscription(topic, Codecs.string())
                    .group("g")
                    .deadLetter(DeadLetterPolicy.block())
                    .concurrency(10)
                    .maxInFlight(20)
                    .drainTimeout(DRAIN)
                    .asyncHandler(held)
                    .start();
        }

        boolean hasBeenAssigned(int partitions) {
            return own.stream()
                            .filter(PartitionsAssigned.class::isInstance)
                            .mapToInt(event ->
                                    ((PartitionsAssigned) event).partitions().size())
                            .sum()
                    >= partitions;
        }

        /** Has the time to tell the broker; what is held is drained for that long, and then dropped. */
        @Override
        public void close() {
            Thread closing = new Thread(() -> client.close(CLOSE));
            closing.start();
            await().until(held::ownsNothing);
            held.abandon();
            await().until(() -> !closing.isAlive());
        }
    }

    /**
     * spring-kafka #4687: what a handler completed after its partition had gone and come back was taken for the new delivery
     * of the same offset; the books did not add up any more, and the consumer never fetched again, not even what it had kept.
     */
    @ParameterizedTest
    @EnumSource
    void whatEndsAfterItsPartitionWentAndCameBackLeavesNoPartitionBehind(GroupProtocol protocol) {
        raw.create(topic, 2, Map.of());
        IntStream.range(0, 2).forEach(partition -> publish(partition, 0, 6));
        try (Member first = new Member(protocol, attempt -> attempt.endsWith("-0#1"))) {
            await().until(() -> first.held.started.size() == 2);
            int moved;
            try (Member second = new Member(protocol, attempt -> true)) {
                await().until(() -> !second.held.started.isEmpty());
                moved = second.held.started.get(0).charAt(0) - '0';
            }
            await().until(() -> first.hasBeenAssigned(3));
            await().during(Duration.ofSeconds(2)).until(() -> first.held.started.size() == 2);
            first.held.complete(moved + "-0#1");
            await().until(() -> committed(moved) == 6);
            assertThat(committed(1 - moved)).isLessThanOrEqualTo(0);
            first.held.complete(1 - moved + "-0#1");
            await().until(() -> committed(1 - moved) == 6);
            IntStream.range(0, 2).forEach(partition -> publish(partition, 6, 40));
            await().until(() -> committed(0) == 40 && committed(1) == 40);
            assertThat(first.held.attempts(moved + "-0")).isGreaterThan(1);
            await().until(() -> first.subscription.inFlight() == 0);
        }
        assertInOrder(40);
    }

    /**
     * parallel-consumer #826: the position was what had been fetched, not what had been done; a close or a rebalance that
     * came before the handler lost the message.
     */
    @ParameterizedTest
    @EnumSource
    void aMemberThatGoesBeforeAHandlerHasBegunCommitsNothingOfIt(GroupProtocol protocol) {
        raw.create(topic, 2, Map.of());
        IntStream.range(0, 2).forEach(partition -> publish(partition, 0, 26));
        Member current = new Member(protocol, attempt -> number(attempt) >= 5);
        try {
            for (int round = 1; round < 5; round++) {
                int held = round * 5;
                await().until(() -> done.contains("0-" + (held - 1)) && done.contains("1-" + (held - 1)));
                Member before = current;
                boolean rebalance = round % 2 == 0;
                if (rebalance) {
                    current = new Member(protocol, attempt -> number(attempt) >= held + 5);
                    Member joined = current;
                    await().until(() -> joined.hasBeenAssigned(1));
                    assertNothingIsPassedOver();
                }
                before.close();
                assertNothingIsPassedOver();
                if (!rebalance) {
                    current = new Member(protocol, attempt -> number(attempt) >= held + 5);
                }
            }
        } finally {
            current.close();
        }
        try (Member last = new Member(protocol, attempt -> false)) {
            await().until(() -> committed(0) == 26 && committed(1) == 26);
            assertThat(last.subscription.failure()).isEmpty();
        }
        assertInOrder(26);
    }

    /**
     * parallel-consumer #894: a position was computed while the last open message ended, and lay beyond the end of the
     * partition, where nothing comes for a while; the next owner's was reset.
     */
    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try")
    void whatEndsWhileItsMemberGoesPutsThePositionNotTooFar(GroupProtocol protocol) throws InterruptedException {
        raw.create(topic, 1, Map.of());
        for (int from = 0; from < 12; from += 3) {
            int first = from;
            String open = "0-" + first + "#1";
            publish(0, first, first + 3, n -> "k" + n);
            try (Member member = new Member(protocol, attempt -> number(attempt) >= first)) {
                await().until(() -> member.held.started.size() == 3);
                member.held.complete("0-" + (first + 2) + "#1");
                member.held.complete("0-" + (first + 1) + "#1");
                Thread ending = new Thread(() -> member.held.complete(open));
                ending.start();
                member.close();
                ending.join();
                assertThat(committed(0)).isIn((long) first, first + 3L);
            }
            try (Member idle = new Member(protocol, attempt -> false)) {
                await().until(() -> idle.hasBeenAssigned(1) && committed(0) == first + 3);
                assertThat(idle.subscription.failure()).isEmpty();
            }
        }
        assertThat(events).noneMatch(PositionsLost.class::isInstance);
        assertThat(done.stream().distinct()).hasSize(12);
    }

    private static int number(String attempt) {
        return Integer.parseInt(attempt.substring(2, attempt.indexOf('#')));
    }

    private void assertNothingIsPassedOver() {
        for (int partition = 0; partition < 2; partition++) {
            assertThat(committed(partition)).isLessThanOrEqualTo(firstOpen(partition));
        }
    }

    private int firstOpen(int partition) {
        return IntStream.iterate(0, n -> n + 1)
                .filter(n -> !done.contains(partition + "-" + n))
                .findFirst()
                .orElseThrow();
    }

    /** Everything was done, the first time in order. */
    private void assertInOrder(int count) {
        for (int partition = 0; partition < 2; partition++) {
            String prefix = partition + "-";
            List<String> all =
                    IntStream.range(0, count).mapToObj(n -> prefix + n).toList();
            assertThat(done.stream().filter(each -> each.startsWith(prefix)).distinct())
                    .containsExactlyElementsOf(all);
        }
    }

    private void publish(int partition, int from, int to) {
        publish(partition, from, to, n -> keyOf(partition));
    }

    private void publish(int partition, int from, int to, IntFunction<String> keys) {
        for (int i = from; i < to; i++) {
            publisher
                    .publisher(topic, Codecs.string())
                    .publish(OutboundMessage.of(partition + "-" + i).key(keys.apply(i)))
                    .join();
        }
    }

    private static String keyOf(int partition) {
        return Stream.iterate(0, n -> n + 1)
                .map(n -> "k" + n)
                .filter(key -> KeyHash.place(KeyHash.of(key), 2) == partition)
                .findFirst()
                .orElseThrow();
    }

    private long committed(int partition) {
        return raw.committedOffset("g", topic, partition);
    }
}
