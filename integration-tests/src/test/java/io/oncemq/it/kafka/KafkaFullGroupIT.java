package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.testkit.server.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A place in a group that another member holds: the only one of its group, or that of its instance. */
class KafkaFullGroupIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private static KafkaServer kafka;

    private final String topic = SharedKafka.name("full");

    @BeforeAll
    static void start() {
        kafka = KafkaServer.builder()
                .config("group.max.size", 1)
                .config("group.consumer.max.size", 1)
                .build();
        kafka.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @ParameterizedTest
    @EnumSource
    void aMemberThatFindsItsGroupFullAtTheStartFailsByName(GroupProtocol protocol) {
        Deliveries one = new Deliveries();
        Deliveries two = new Deliveries();
        try (RawKafka raw = new RawKafka(kafka.bootstrap());
                BrokerTransport transport = SharedKafka.open(kafka(protocol))) {
            raw.create(topic, 1, Map.of());
            try (MessageSource first = transport.openSource(Sources.spec(topic, "first"), one);
                    MessageSource second = transport.openSource(Sources.spec(topic, "first"), two)) {
                first.start();
                await().atMost(PATIENT).until(() -> one.owned.size() == 1);
                second.start();
                await().atMost(PATIENT).until(() -> two.failure != null);
                assertThat(two.failure).hasCauseInstanceOf(GroupMaxSizeReachedException.class);
                raw.produce(topic, 0, 0, 5);
                await().atMost(PATIENT).until(() -> one.messages.size() == 5);
            }
        }
    }

    /** A member that was slow loses its place to another one, and waits for it with events. */
    @ParameterizedTest
    @EnumSource
    void aMemberThatLostItsPlaceInAFullGroupGetsItBackWhenThereIsRoom(GroupProtocol protocol) {
        Stuck slow = new Stuck();
        Deliveries quick = new Deliveries();
        Kafka hasty = kafka(protocol).consumerProperty("max.poll.interval.ms", 6_000);
        try (RawKafka raw = new RawKafka(kafka.bootstrap());
                BrokerTransport transport = SharedKafka.open(kafka(protocol));
                BrokerTransport slowly = SharedKafka.open(hasty)) {
            raw.create(topic, 1, Map.of());
            try (MessageSource first =
                    slowly.openSource(Sources.draining(topic, "place", Duration.ofSeconds(1)), slow)) {
                first.start();
                raw.produce(topic, 0, 0, 1);
                await().atMost(PATIENT).until(() -> slow.entered.getCount() == 0);
                await().atMost(PATIENT).until(() -> raw.members("place", topic) == 0);
                try (MessageSource second = transport.openSource(Sources.spec(topic, "place"), quick)) {
                    second.start();
                    await().atMost(PATIENT).until(() -> quick.messages.size() == 1);
                    slow.free.countDown();
                    await().atMost(PATIENT)
                            .until(() -> slow.events.stream().anyMatch(SourceInterrupted.class::isInstance));
                    assertThat(slow.failure).isNull();
                    quick.acknowledgeAll(second);
                }
                raw.produce(topic, 0, 1, 5);
                await().atMost(PATIENT).until(() -> slow.texts().containsAll(List.of("1", "2", "3", "4")));
                assertThat(slow.failure).isNull();
            } finally {
                slow.free.countDown();
            }
        }
    }

    /** The broker keeps the place of an instance for the member that has it. */
    @Test
    void anInstanceThatIsStillHeldIsWaitedFor() {
        Deliveries one = new Deliveries();
        Deliveries two = new Deliveries();
        try (RawKafka raw = SharedKafka.raw();
                BrokerTransport transport = SharedKafka.open(instance(GroupProtocol.CONSUMER))) {
            raw.create(topic, 1, Map.of());
            MessageSource first = transport.openSource(Sources.spec(topic, "held"), one);
            try (MessageSource second = transport.openSource(Sources.spec(topic, "held"), two)) {
                first.start();
                await().atMost(PATIENT).until(() -> one.owned.size() == 1);
                second.start();
                await().atMost(PATIENT).until(() -> two.events.stream().anyMatch(SourceInterrupted.class::isInstance));
                raw.produce(topic, 0, 0, 5);
                await().atMost(PATIENT).until(() -> one.messages.size() == 5);
                one.acknowledgeAll(first);
                first.close(Duration.ofSeconds(5));
                raw.produce(topic, 0, 5, 10);
                await().atMost(PATIENT).until(() -> two.texts().containsAll(List.of("5", "6", "7", "8", "9")));
                assertThat(two.failure).isNull();
            } finally {
                first.close(Duration.ofSeconds(5));
            }
        }
    }

    /** On the classic protocol the newest member with an instance's name has its place, and the earlier one must not take it back. */
    @Test
    void aMemberWhoseInstanceAnotherOneHasTakenEnds() {
        Deliveries one = new Deliveries();
        Deliveries two = new Deliveries();
        try (RawKafka raw = SharedKafka.raw();
                BrokerTransport transport = SharedKafka.open(instance(GroupProtocol.CLASSIC))) {
            raw.create(topic, 1, Map.of());
            try (MessageSource first = transport.openSource(Sources.spec(topic, "taken"), one);
                    MessageSource second = transport.openSource(Sources.spec(topic, "taken"), two)) {
                first.start();
                await().atMost(PATIENT).until(() -> one.owned.size() == 1);
                second.start();
                await().atMost(PATIENT).until(() -> one.failure != null);
                assertThat(one.failure).hasCauseInstanceOf(FencedInstanceIdException.class);
                raw.produce(topic, 0, 0, 5);
                await().atMost(PATIENT).until(() -> two.messages.size() == 5);
                assertThat(two.failure).isNull();
            }
        }
    }

    private static Kafka kafka(GroupProtocol protocol) {
        return Kafka.at(kafka.bootstrap()).groupProtocol(protocol).consumerProperty("fetch.max.wait.ms", 50);
    }

    private static Kafka instance(GroupProtocol protocol) {
        return SharedKafka.kafka(protocol).consumerProperty("group.instance.id", "one");
    }

    /** Keeps the poll thread with the first messages, so that the member leaves its group. */
    private static final class Stuck extends Deliveries {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch free = new CountDownLatch(1);

        @Override
        public void onMessages(Shard shard, List<InboundMessage> batch) {
            entered.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            super.onMessages(shard, batch);
        }
    }
}
