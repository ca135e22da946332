package io.oncemq.it.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Delivery;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.MessagingEvent.PublishingBlocked;
import io.oncemq.MessagingEvent.PublishingUnblocked;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.it.SentOutcomes;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Q2, Q4 and Q5: what breaks while messages are published, through the real engine. */
@NeedsRabbit
class RabbitPublishFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEYS = 5;

    private static RabbitServer server;

    private final String destination = PublishRig.name();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    private int published;
    private TcpProxy proxy;
    private MessagingClient client;
    private Publisher<String> publisher;

    @BeforeAll
    static void start() {
        server = PublishRig.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        proxy = TcpProxy.to(server.host(), server.port());
        client = MessagingClient.builder()
                .transport(PublishRig.rabbit(server, "127.0.0.1:" + proxy.port()))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build();
        client.ensure(DestinationSpec.builder(destination).group("g").build());
        publisher = client.publisher(
                destination,
                Codecs.string(),
                PublisherOptions.builder().deadline(PATIENCE.multipliedBy(5)).build());
    }

    @AfterEach
    void close() {
        server.clearMemoryAlarm();
        proxy.restore();
        client.close(Duration.ofSeconds(5));
        proxy.close();
    }

    @Test
    void losesNothingWhileTheServerClosesConnections() {
        for (int round = 0; round < 6; round++) {
            int from = receipts.size();
            publish(150);
            receipts.get(from).join();
            server.closeConnections();
            publish(50);
        }
        assertAllStoredInOrder();
    }

    @Test
    void sendsWhatIsUnconfirmedAgainInOrderWithTheSameIds() {
        publish(20);
        receipts.forEach(CompletableFuture::join);
        for (int round = 0; round < 6; round++) {
            proxy.swallowReplies();
            long swallowed = proxy.swallowedBytes();
            publish(40);
            await().until(() -> proxy.swallowedBytes() > swallowed);
            proxy.reset();
            proxy.restore();
        }
        assertAllStoredInOrder();
    }

    @Test
    void losesNothingWhenTheServerIsKilledAndStartedAgain() {
        server.settle();
        publish(300);
        receipts.get(0).join();
        server.kill();
        publish(100);
        server.start();
        publish(100);
        assertAllStoredInOrder();
    }

    /** With one message at a time a consumer gets the next only because its acknowledgement has arrived. */
    @Test
    void waitsDuringAMemoryAlarmWhileConsumersAcknowledge() {
        publish(50);
        receipts.forEach(CompletableFuture::join);
        PublishRig.raw(server, channel -> {
            Set<String> consumed = ConcurrentHashMap.newKeySet();
            server.raiseMemoryAlarm();
            publish(2_000);
            channel.basicQos(1);
            channel.basicConsume(
                    destination + ".g.0",
                    (tag, delivery) -> {
                        consumed.add(delivery.getProperties().getMessageId());
                        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                    },
                    tag -> {});
            await().until(() -> consumed.size() == 50);
            assertThat(receipts.subList(50, receipts.size())).noneMatch(CompletableFuture::isDone);
            server.clearMemoryAlarm();
            receipts.forEach(CompletableFuture::join);
            await().until(() -> consumed.size() == receipts.size());
            return true;
        });
    }

    @Test
    void theEngineIsToldToPauseWhileTheServerBlocksTheConnection() {
        SentOutcomes outcomes = new SentOutcomes();
        try (BrokerTransport transport = PublishRig.rabbit(server).open("blocked");
                PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(PublishRig.frame(destination, "k", "before"), "before");
            await().until(() -> outcomes.confirmed.containsKey("before"));
            server.raiseMemoryAlarm();
            session.send(PublishRig.frame(destination, "k", "blocked"), "blocked");
            await().until(() -> outcomes.writable.equals(List.of(false)));
            server.clearMemoryAlarm();
            await().until(() -> outcomes.writable.equals(List.of(false, true)));
            await().until(() -> outcomes.confirmed.containsKey("blocked"));
        }
    }

    @Test
    void anAlarmIsReportedOnceWithTheServersReasonThoughConnectionsBreakMeanwhile() {
        publish(10);
        receipts.forEach(CompletableFuture::join);
        server.raiseMemoryAlarm();
        publish(10);
        await().until(() -> !blockages().isEmpty());
        int before = replaced();
        server.closeConnections();
        await().until(() -> replaced() > before);
        publish(10);
        assertThat(blockages()).singleElement().isInstanceOfSatisfying(PublishingBlocked.class, event -> {
            assertThat(event.destination()).isNull();
            assertThat(event.reason()).contains("memory");
        });
        server.clearMemoryAlarm();
        receipts.forEach(CompletableFuture::join);
        await().until(() -> blockages().size() == 2);
        assertThat(blockages().get(1)).isInstanceOf(PublishingUnblocked.class);
    }

    private int replaced() {
        return (int)
                events.stream().filter(PublishSessionReplaced.class::isInstance).count();
    }

    private List<MessagingEvent> blockages() {
        return events.stream()
                .filter(event -> event instanceof PublishingBlocked || event instanceof PublishingUnblocked)
                .toList();
    }

    @Test
    void aFullWindowIsNotReportedAsABlockedBroker() {
        SentOutcomes outcomes = new SentOutcomes();
        try (BrokerTransport transport =
                        PublishRig.rabbit(server, "127.0.0.1:" + proxy.port()).open("full");
                PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(PublishRig.frame(destination, "k", "before"), "before");
            await().until(() -> outcomes.confirmed.containsKey("before"));
            proxy.swallowReplies();
            for (int i = 0; outcomes.writable.isEmpty(); i++) {
                session.send(PublishRig.frame(destination, "k", "unanswered"), i);
            }
            assertThat(outcomes.writable).containsExactly(false);
            assertThat(outcomes.blocked).isEmpty();
        }
    }

    /** A missing heartbeat would show after two minutes, and what the writer has locked could not be closed. */
    @Test
    void aWriteThatIsStuckIsCutAndItsThreadGoesOn() throws InterruptedException {
        SentOutcomes outcomes = new SentOutcomes();
        try (BrokerTransport transport = PublishRig.rabbit(server, "127.0.0.1:" + proxy.port())
                        .heartbeat(Duration.ofMinutes(1))
                        .open("stuck");
                PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(PublishRig.frame(destination, "k", "before"), "before");
            await().until(() -> outcomes.confirmed.containsKey("before"));
            proxy.drop();
            byte[] body = new byte[PublishRig.LARGEST / 2];
            Thread engine = new Thread(() -> {
                for (int i = 0; outcomes.failures.isEmpty(); i++) {
                    session.send(PublishRig.frame(destination, null, body, Headers.empty()), i);
                }
            });
            engine.setDaemon(true);
            engine.start();
            engine.join(PATIENCE.dividedBy(2).toMillis());
            assertThat(engine.isAlive()).isFalse();
            assertThat(outcomes.failures).hasSize(1);
        }
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            int number = published++;
            receipts.add(publisher.publish(OutboundMessage.of(String.valueOf(number))
                    .id("id-" + number)
                    .key("key-" + number % KEYS)));
        }
    }

    /** The first copy of each stands in order. */
    private void assertAllStoredInOrder() {
        receipts.forEach(CompletableFuture::join);
        Map<String, Set<Integer>> byKey = new LinkedHashMap<>();
        Set<Integer> all = new LinkedHashSet<>();
        for (Delivery message : PublishRig.drain(server, destination + ".g.0")) {
            int number = Integer.parseInt(new String(message.getBody(), UTF_8));
            assertThat(message.getProperties().getMessageId()).isEqualTo("id-" + number);
            all.add(number);
            byKey.computeIfAbsent("key-" + number % KEYS, key -> new LinkedHashSet<>())
                    .add(number);
        }
        assertThat(all).hasSize(receipts.size());
        assertThat(byKey.values())
                .allSatisfy(stored -> assertThat(List.copyOf(stored)).isSorted());
    }
}
