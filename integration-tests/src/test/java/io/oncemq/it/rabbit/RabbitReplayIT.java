package io.oncemq.it.rabbit;

import static io.oncemq.it.rabbit.PublishRig.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.Replay;
import io.oncemq.StartPosition;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The streams from which a replay reads, and what is refused without them. The kit shows the replays themselves. */
@NeedsRabbit
class RabbitReplayIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RabbitServer server = PublishRig.server();
    private final MessagingClient client = MessagingClient.builder()
            .profile(Profile.DEV)
            .transport(PublishRig.rabbit(server))
            .idempotency(InProcessIdempotency.create())
            .build();
    private final String name = PublishRig.name();
    private final List<Delivery<String>> handled = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aHistoryIsAStreamPerShardAndAMismatchNamesTheArgument() {
        DestinationSpec spec =
                DestinationSpec.builder(name).partitions(2).group("billing").build();
        try (BrokerTransport transport = PublishRig.rabbit(server).open("history-it")) {
            transport.ensure(spec);
            assertThat(transport.keepsHistory(name)).isFalse();
            transport.ensure(spec.toBuilder().history(Duration.ofHours(1)).build());
            transport.ensure(spec.toBuilder().history(Duration.ofHours(1)).build());
            transport.ensure(spec);
            assertThat(transport.keepsHistory(name)).isTrue();
            assertThat(transport
                            .plan(spec.toBuilder().history(Duration.ofHours(1)).build())
                            .findings())
                    .isEmpty();
            ConfigurationException refusal = catchThrowableOfType(
                    ConfigurationException.class,
                    () -> transport.ensure(
                            spec.toBuilder().history(Duration.ofHours(2)).build()));
            assertThat(refusal.property()).isEqualTo("x-max-age");
            assertThat(refusal.value()).isEqualTo("7200s");
            assertThat(refusal).hasMessageContaining("3600s");
            assertThat(transport
                            .plan(spec.toBuilder().history(Duration.ofHours(2)).build())
                            .findings())
                    .extracting(Finding::setting)
                    .containsExactly("x-max-age");
            assertThat(catchThrowableOfType(
                            ConfigurationException.class,
                            () -> transport.ensure(spec.toBuilder()
                                    .history(Duration.ofHours(1), 5_000_000)
                                    .build())))
                    .hasMessageContaining("x-max-length-bytes");
        }
    }

    @Test
    void withoutAHistoryAReplayIsRefusedByName() {
        client.ensure(DestinationSpec.builder(name).group("billing").build());
        ConfigurationException refusal = catchThrowableOfType(
                ConfigurationException.class, () -> start(Replay.again("repair", StartPosition.EARLIEST)));
        assertThat(refusal.property()).isEqualTo("replay");
        assertThat(refusal).hasMessageContaining("keeps no history of " + name);
        assertThat(refusal.remedy()).contains("history(");
    }

    @Test
    void aNameThatIsTooLongForTheServerIsRefused() {
        String orders = name + "-".repeat(140);
        String group = "b".repeat(38);
        client.ensure(DestinationSpec.builder(orders)
                .group(group)
                .history(Duration.ofHours(1))
                .build());
        assertThat(catchThrowableOfType(
                        ConfigurationException.class,
                        () -> client.subscription(orders, Codecs.string())
                                .group(group)
                                .replay(Replay.again("r".repeat(64), StartPosition.EARLIEST))
                                .handler(handled::add)
                                .start()))
                .hasMessageContaining("replay.name");
    }

    /** Their place in the stream names them, so that a replay that is started again knows them. */
    @Test
    void messagesWithoutIdAreHandledOncePerNameAndNothingOfTheBrokersIsSeen() throws Exception {
        ensure();
        publish(Clock.systemUTC().instant(), "one", "two");
        replay(Replay.again("repair", StartPosition.EARLIEST));
        replay(Replay.again("repair", StartPosition.EARLIEST));
        assertThat(handled).extracting(Delivery::body).containsExactlyInAnyOrder("one", "two");
        assertThat(handled)
                .extracting(delivery -> delivery.position().toString())
                .containsExactlyInAnyOrder(name + ".history.0@0", name + ".history.0@1");
        assertThat(handled)
                .allSatisfy(delivery -> assertThat(delivery.headers().size()).isZero());
        replay(Replay.again("second", StartPosition.EARLIEST));
        assertThat(handled).extracting(Delivery::body).containsExactlyInAnyOrder("one", "two", "one", "two");
    }

    /** Claims alone would keep effects and order right; the lock spares two processes to wait for each other's leases. */
    @Test
    void oneProcessAtATimeReadsAShardAndLeavesItAtTheEnd() throws Exception {
        ensure();
        publish(Clock.systemUTC().instant(), "one");
        String lock = name + ".history.0.billing@replay%2Erepair.lock";
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Subscription subscription = client.subscription(name, Codecs.string())
                .group("billing")
                .replay(Replay.again("repair", StartPosition.EARLIEST))
                .handler(delivery -> {
                    begun.countDown();
                    go.await();
                })
                .start();
        assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> raw(server, channel -> channel.queueDeclarePassive(lock)))
                .hasStackTraceContaining("RESOURCE_LOCKED");
        go.countDown();
        assertThat(subscription.awaitTermination(PATIENCE)).isTrue();
        await().untilAsserted(() -> assertThatThrownBy(() -> raw(server, channel -> channel.queueDeclarePassive(lock)))
                .hasStackTraceContaining("NOT_FOUND"));
    }

    @Test
    void anInstantPassesOverWhatIsOlderInTheFirstChunk() throws Exception {
        ensure();
        Instant now = Clock.systemUTC().instant();
        publish(now.minusSeconds(600), "old", "old");
        publish(now, "new");
        replay(Replay.again("repair", StartPosition.at(now.minusSeconds(300))));
        assertThat(handled).extracting(Delivery::body).containsExactly("new");
    }

    @Test
    void anEmptyHistoryAndAnInstantBehindTheLastMessageEndAtOnce() throws Exception {
        client.ensure(DestinationSpec.builder(name)
                .partitions(3)
                .group("billing")
                .history(Duration.ofHours(1))
                .build());
        replay(Replay.again("repair", StartPosition.EARLIEST));
        replay(Replay.again("later", StartPosition.at(Instant.MAX)));
        assertThat(handled).isEmpty();
    }

    /** What was read before is offered again from the start, and the store knows it. Running handlers continue to their end. */
    @Test
    void aReplayGoesOnAfterTheServerWasKilledAndHandlesEachMessageOnce() throws Exception {
        ensure();
        List<String> bodies =
                IntStream.range(0, 300).mapToObj(Integer::toString).toList();
        publish(Clock.systemUTC().instant(), bodies.toArray(String[]::new));
        server.settle();
        CountDownLatch amid = new CountDownLatch(100);
        CompletableFuture<Void> restarted = new CompletableFuture<>();
        Subscription subscription = client.subscription(name, Codecs.string())
                .group("billing")
                .replay(Replay.again("repair", StartPosition.EARLIEST))
                .handler(delivery -> {
                    handled.add(delivery);
                    amid.countDown();
                    if (amid.getCount() == 0) {
                        restarted.join();
                    }
                })
                .start();
        assertThat(amid.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        server.kill();
        server.start();
        restarted.complete(null);
        assertThat(subscription.awaitTermination(PATIENCE)).as("ended").isTrue();
        assertThat(subscription.failure()).isEmpty();
        assertThat(handled).extracting(Delivery::body).containsExactlyInAnyOrderElementsOf(bodies);
    }

    private void ensure() {
        client.ensure(DestinationSpec.builder(name)
                .group("billing")
                .history(Duration.ofHours(1))
                .build());
    }

    private void publish(Instant time, String... bodies) {
        raw(server, channel -> {
            channel.confirmSelect();
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .timestamp(Date.from(time))
                    .headers(Map.of())
                    .build();
            for (String body : bodies) {
                channel.basicPublish(name, "0/1", true, properties, body.getBytes(UTF_8));
            }
            return channel.waitForConfirms(20_000);
        });
    }

    private void replay(Replay replay) throws InterruptedException {
        Subscription subscription = start(replay);
        assertThat(subscription.awaitTermination(PATIENCE)).as("ended").isTrue();
        assertThat(subscription.failure()).isEmpty();
    }

    private Subscription start(Replay replay) {
        return client.subscription(name, Codecs.string())
                .group("billing")
                .replay(replay)
                .handler(handled::add)
                .start();
    }
}
