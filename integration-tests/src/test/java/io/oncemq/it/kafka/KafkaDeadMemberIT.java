package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.CrashPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.spi.KeyHash;
import io.oncemq.testkit.server.ChildProcess;
import io.oncemq.testkit.server.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member that was killed has claimed, and retries without end, hold up neither other keys nor other partitions. */
class KafkaDeadMemberIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Longer than any test takes. */
    private static final Duration STANDING = Duration.ofMinutes(10);

    private static final String GROUP = "g";
    private static final int MAX_IN_FLIGHT = 40;
    private static final int STUCK = 100;
    private static final int FREE = 200;
    private static final RedisServer REDIS = RedisServer.started();

    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("dead-member");
    private final MessagingClient client = MessagingClient.builder()
            .profile(Profile.DEV)
            .transport(SharedKafka.kafka())
            .idempotency(REDIS.uri())
            .eventListener(events::add)
            .build();
    private final Publisher<String> publisher;

    @TempDir
    private Path folder;

    KafkaDeadMemberIT() {
        client.ensure(DestinationSpec.builder(topic).partitions(2).group(GROUP).build());
        publisher = client.publisher(topic, Codecs.string());
    }

    @AfterEach
    void close() {
        client.close(Duration.ofSeconds(1));
        raw.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    /** The group's position is set back after the crash, so the message in doubt follows one that is handled. */
    @Test
    void anIdInDoubtAfterAHandledMessageOfItsKeyIsDeadLettered() {
        publish(List.of("a", "b", "c"), key(0, 0));
        raw.commit(GROUP, topic, 0, new OffsetAndMetadata(1));
        killInTheMiddleOf("b", CrashPolicy.QUARANTINE, Duration.ofSeconds(5));
        raw.commit(GROUP, topic, 0, new OffsetAndMetadata(0));
        try (Subscription unused = client.subscription(topic, Codecs.string())
                .group(GROUP)
                .crashPolicy(CrashPolicy.QUARANTINE)
                .handler(delivery -> handled.add(delivery.id()))
                .start()) {
            await().atMost(PATIENCE).until(() -> handled.contains("c"));
            await().atMost(PATIENCE).until(() -> raw.committedOffset(GROUP, topic, 0) == 3);
        }
        assertThat(handled).containsExactly("a", "c");
        assertThat(events)
                .filteredOn(DeadLettered.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    assertThat(((DeadLettered) event).id()).isEqualTo("b");
                    assertThat(((DeadLettered) event).reason()).isEqualTo("in-doubt");
                });
    }

    @Test
    void claimsOfADeadMemberHoldTheirPartitionOnly() {
        publishEachUnderItsKey("stuck-", 0, STUCK);
        killInTheMiddleOf("stuck-0", CrashPolicy.REPROCESS, STANDING);
        try (Subscription subscription = client.subscription(topic, Codecs.string())
                .group(GROUP)
                .concurrency(4)
                .maxInFlight(MAX_IN_FLIGHT)
                .handler(delivery -> handled.add(delivery.id()))
                .start()) {
            theOtherPartitionGoesOn(subscription);
        }
        assertThat(handled).as("what the dead member has claimed").noneMatch(id -> id.startsWith("stuck-"));
    }

    @Test
    void retriesHoldTheirPartitionOnly() {
        publishEachUnderItsKey("stuck-", 0, STUCK);
        try (Subscription subscription = client.subscription(topic, Codecs.string())
                .group(GROUP)
                .concurrency(4)
                .maxInFlight(MAX_IN_FLIGHT)
                .retry(RetryPolicy.fixed(STANDING))
                .handler(delivery -> {
                    if (delivery.id().startsWith("stuck-")) {
                        throw new IllegalStateException("later");
                    }
                    handled.add(delivery.id());
                })
                .start()) {
            theOtherPartitionGoesOn(subscription);
        }
        assertThat(events)
                .filteredOn(DeliveryRetried.class::isInstance)
                .as("keys that wait for their next attempt")
                .hasSizeGreaterThanOrEqualTo(MAX_IN_FLIGHT / 2);
    }

    /** First the stuck partition takes what it can get. */
    private void theOtherPartitionGoesOn(Subscription subscription) {
        await().atMost(PATIENCE).until(() -> subscription.inFlight() >= MAX_IN_FLIGHT * 3 / 4);
        publishEachUnderItsKey("free-", 1, FREE);
        await().atMost(PATIENCE).until(() -> raw.committedOffset(GROUP, topic, 1) == FREE);
        assertThat(handled).filteredOn(id -> id.startsWith("free-")).hasSize(FREE);
    }

    private void killInTheMiddleOf(String id, CrashPolicy policy, Duration lease) {
        try (ChildProcess member = HoldingMember.start(REDIS.uri(), topic, GROUP, policy, lease, folder)) {
            await().atMost(PATIENCE)
                    .failFast(() ->
                            assertThat(member.isAlive()).as(member.logTail(30)).isTrue())
                    .until(() -> HoldingMember.hasBegun(member, id));
            member.kill();
        }
    }

    private void publishEachUnderItsKey(String prefix, int partition, int count) {
        CompletableFuture.allOf(IntStream.range(0, count)
                        .mapToObj(i -> publisher.publish(
                                OutboundMessage.of("body").id(prefix + i).key(key(partition, i))))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    private void publish(List<String> ids, String key) {
        for (String id : ids) {
            publisher.publish(OutboundMessage.of("body").id(id).key(key)).join();
        }
    }

    /** The n-th key of a partition. */
    private static String key(int partition, int n) {
        return Stream.iterate(0, i -> i + 1)
                .map(i -> "k" + i)
                .filter(key -> KeyHash.place(KeyHash.of(key), 2) == partition)
                .skip(n)
                .findFirst()
                .orElseThrow();
    }
}
