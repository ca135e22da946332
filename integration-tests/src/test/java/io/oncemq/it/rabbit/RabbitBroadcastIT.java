package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.LostPositions;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.BroadcastBegins;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.Ordering;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queues of an instance: who gets them, how long they stay, and what is said when they are gone. */
@NeedsRabbit
class RabbitBroadcastIT {
    /** A quorum queue looks only at its ticks whether it has expired. */
    private static final String QUICK_TICKS = "application:set_env(rabbit, quorum_tick_interval, 200)";

    private static final RabbitServer SERVER = SharedRabbit.server();
    private static final String NEWS = "news";

    private final String destination = PublishRig.name();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final MessagingClient client = client(Duration.ofSeconds(1));

    private MessagingClient client(Duration keep) {
        return MessagingClient.builder()
                .transport(SharedRabbit.rabbit().keepInstancesFor(keep))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build();
    }

    @BeforeAll
    static void tickQuickly() {
        SERVER.eval(QUICK_TICKS);
    }

    @BeforeEach
    void ensure() {
        client.ensure(DestinationSpec.builder(destination)
                .partitions(2)
                .broadcast(NEWS)
                .build());
    }

    @AfterEach
    void close() {
        client.close();
    }

    /** Who is to stay keeps its queues for an hour: on a busy machine even the time until it reads them can exceed a second. */
    @Test
    void onlyTheInstanceThatIsAwayLosesItsQueues() {
        try (MessagingClient patient = client(Duration.ofHours(1))) {
            Subscription here = start(patient, "here");
            here.pause();
            publish("early");
            start("away").close();
            publish("missed");
            await().untilAsserted(() ->
                    assertThat(queueExists("away", 0) || queueExists("away", 1)).isFalse());
            start("away-again").close();
            await().untilAsserted(() -> assertThat(queueExists("away-again", 0)).isFalse());
            assertThat(queueExists("here", 0) && queueExists("here", 1)).isTrue();
            start(patient, "away");
            publish("late");
            here.resume();
            await().untilAsserted(() -> assertThat(handled)
                    .containsExactlyInAnyOrder("here early", "here missed", "here late", "away late"));
            assertThat(begins("away")).isEqualTo(2);
            assertThat(begins("here")).isEqualTo(1);
            assertThat(membersOf("here")).isFalse();
        }
    }

    @Test
    void queuesThatAreKeptForAnotherTimeAreRefusedByTheNameOfTheArgument() {
        try (MessagingClient patient = client(Duration.ofMinutes(30));
                MessagingClient other = client(Duration.ofHours(1))) {
            start(patient, "one");
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(
                            () -> instance(other, "one").handler(delivery -> {}).start())
                    .satisfies(refused -> assertThat(List.of(refused.property(), refused.value()))
                            .containsExactly("x-expires", "3600000"))
                    .withMessageContaining("1800000");
        }
    }

    @Test
    void aGroupThatSharesItsMessagesIsRefused() {
        client.ensure(
                DestinationSpec.builder(destination).partitions(2).group(NEWS).build());
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> start("one"))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("broadcast"))
                .withMessageContaining("DestinationSpec.broadcast");
        assertThat(queueExists("one", 0)).isFalse();
    }

    /** Without order the queue of a whole group is called as the first of another one could be. */
    @Test
    void anInstanceWithoutOrderReadsItsOwnQueuesWhateverItsName() {
        try (MessagingClient patient = client(Duration.ofHours(1))) {
            instance(patient, "0")
                    .ordering(Ordering.UNORDERED)
                    .handler(delivery -> handled.add("0 " + delivery.body()))
                    .start();
            instance(patient, "members")
                    .ordering(Ordering.UNORDERED)
                    .handler(delivery -> handled.add("m " + delivery.body()))
                    .start();
            publish("a");
            await().untilAsserted(() -> assertThat(handled).containsExactlyInAnyOrder("0 a", "m a"));
        }
    }

    @Test
    void stopsWhenItsQueuesAreGoneUnlessToldToGoOn() {
        try (MessagingClient patient = client(Duration.ofHours(1))) {
            Subscription stops = start(patient, "stops");
            instance(patient, "goes-on")
                    .onLostPositions(LostPositions.EARLIEST)
                    .handler(delivery -> {
                        handled.add("goes-on " + delivery.body());
                    })
                    .start();
            publish("before");
            await().untilAsserted(
                            () -> assertThat(handled).containsExactlyInAnyOrder("stops before", "goes-on before"));
            for (int shard = 0; shard < 2; shard++) {
                SharedRabbit.raw().deleteQueue(queue("stops", shard));
                SharedRabbit.raw().deleteQueue(queue("goes-on", shard));
            }
            await().untilAsserted(() -> assertThat(stops.state()).isEqualTo(Subscription.State.FAILED));
            await().untilAsserted(() -> assertThat(begins("goes-on")).isGreaterThanOrEqualTo(2));
            publish("after");
            await().untilAsserted(() -> assertThat(handled).contains("goes-on after"));
        }
        assertThat(events)
                .anyMatch(event ->
                        event instanceof PositionsLost lost && lost.group().equals("news@stops"));
    }

    /** The time of absence counts from when the server sees that no consumer is there, not from before the consumer died. */
    @Test
    @Tag("slow")
    void aServerThatIsAwayForLongerThanAnInstanceMayBeKeepsItsQueues() {
        Duration keep = Duration.ofSeconds(10);
        try (MessagingClient patient = client(keep)) {
            instance(patient, "here")
                    .handler(delivery -> handled.add("here " + delivery.body()))
                    .start();
            publish("before");
            await().untilAsserted(() -> assertThat(handled).contains("here before"));
            SERVER.settle();
            SERVER.kill();
            long since = System.nanoTime();
            await().until(() -> System.nanoTime() - since > keep.plusSeconds(2).toNanos());
            SERVER.start();
            SERVER.eval(QUICK_TICKS);
            await().ignoreExceptions().untilAsserted(() -> {
                publish("after");
                assertThat(handled).contains("here after");
            });
        }
        assertThat(events).filteredOn(PositionsLost.class::isInstance).isEmpty();
        assertThat(begins("here")).isEqualTo(1);
    }

    private long begins(String instance) {
        return events.stream()
                .filter(new BroadcastBegins(destination, NEWS + "@" + instance)::equals)
                .count();
    }

    private Subscription start(String instance) {
        return start(client, instance);
    }

    private Subscription start(MessagingClient by, String instance) {
        return instance(by, instance)
                .handler(delivery -> handled.add(instance + " " + delivery.body()))
                .start();
    }

    private SubscriptionBuilder<String> instance(MessagingClient by, String name) {
        return by.subscription(destination, Codecs.string()).group(NEWS).broadcast(name);
    }

    private void publish(String body) {
        client.publisher(destination, Codecs.string())
                .publish(OutboundMessage.of(body).key("k"))
                .join();
    }

    private String queue(String instance, int shard) {
        return destination + "." + NEWS + "@" + instance + "." + shard;
    }

    private boolean membersOf(String instance) {
        return exists(destination + "." + NEWS + "@" + instance + ".members");
    }

    private boolean queueExists(String instance, int shard) {
        return exists(queue(instance, shard));
    }

    /** Asked of the server itself: who asks by AMQP might count as a user of the queue. */
    private static boolean exists(String queue) {
        return SERVER.eval("rabbit_amqqueue:exists({resource, <<\"/\">>, queue, <<\"" + queue + "\">>})")
                .contains("true");
    }
}
