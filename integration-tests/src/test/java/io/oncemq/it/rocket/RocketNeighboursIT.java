package io.oncemq.it.rocket;

import static io.oncemq.it.rocket.RocketRig.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.it.SentOutcomes;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** S10 and S11: one broker is dead, one look-up hangs, and the others do not notice. */
class RocketNeighboursIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RocketServer server = RocketRig.server();
    private final String destination = RocketRig.name();

    /** Publishing to it stood still for two seconds at a time. */
    @Test
    void publishingToALivingBrokerDoesNotNoticeThatTheOtherOneIsDead() {
        String there = RocketRig.keyFor(0, 4);
        List<CompletableFuture<Receipt>> waiting = new ArrayList<>();
        try (MessagingClient client = client()) {
            client.ensure(DestinationSpec.builder(destination).partitions(4).build());
            Publisher<String> publisher = client.publisher(
                    destination,
                    Codecs.string(),
                    PublisherOptions.builder().deadline(Duration.ofMinutes(3)).build());
            for (String key : List.of(there, RocketRig.keyFor(2, 4), RocketRig.keyFor(3, 4))) {
                publisher.publish(OutboundMessage.of("before").key(key)).join();
            }
            server.killBroker(1);
            try {
                waiting.add(publisher.publish(OutboundMessage.of("away").key(RocketRig.keyFor(2, 4))));
                waiting.add(publisher.publish(OutboundMessage.of("away").key(RocketRig.keyFor(3, 4))));
                await().atMost(PATIENCE).until(() -> {
                    for (int i = 0; i < 200; i++) {
                        publisher
                                .publish(OutboundMessage.of("there").key(there))
                                .join();
                        publisher.publish(OutboundMessage.of("plain")).join();
                    }
                    return true;
                });
                assertThat(waiting).noneMatch(CompletableFuture::isDone);
            } finally {
                server.restartBroker(1);
            }
            waiting.forEach(CompletableFuture::join);
        }
    }

    /** The room in flight filled with messages for the dead broker, and then nothing could be published. */
    @Test
    void aFloodToTheDeadBrokerLeavesRoomForTheLivingOne() throws Exception {
        int room = 1_000;
        String there = RocketRig.keyFor(0, 4);
        Queue<CompletableFuture<Receipt>> flood = new ConcurrentLinkedQueue<>();
        try (MessagingClient client = client()) {
            client.ensure(DestinationSpec.builder(destination).partitions(4).build());
            Publisher<String> publisher = client.publisher(
                    destination,
                    Codecs.string(),
                    PublisherOptions.builder()
                            .maxInFlight(room)
                            .deadline(Duration.ofMinutes(4))
                            .build());
            for (String key : List.of(there, RocketRig.keyFor(2, 4), RocketRig.keyFor(3, 4))) {
                publisher.publish(OutboundMessage.of("before").key(key)).join();
            }
            Thread flooding = new Thread(() -> {
                for (int i = 0; i < 3 * room; i++) {
                    flood.add(publisher.publish(OutboundMessage.of("away " + i).key(RocketRig.keyFor(2 + i % 2, 4))));
                }
            });
            server.killBroker(1);
            try {
                flooding.start();
                await().atMost(PATIENCE).until(() -> flooding.getState() == Thread.State.TIMED_WAITING);
                int blockedAt = flood.size();
                for (int i = 0; i < 200; i++) {
                    assertThat(publisher.publish(OutboundMessage.of("there").key(there)))
                            .succeedsWithin(PATIENCE);
                    assertThat(publisher.publish(OutboundMessage.of("plain"))).succeedsWithin(PATIENCE);
                }
                assertThat(flooding.isAlive()).as("it waits at the bound").isTrue();
                assertThat(flood).noneMatch(CompletableFuture::isDone).hasSizeBetween(blockedAt, room);
            } finally {
                server.restartBroker(1);
            }
            flooding.join();
            flood.forEach(CompletableFuture::join);
        }
    }

    /** A send waited up to 100 ms for an answer of its broker, on the thread that sends to all brokers. */
    @Test
    void aSendToABrokerWhoseWindowIsFullDoesNotWaitForRoom() {
        int full = 2_000;
        SentOutcomes outcomes = new SentOutcomes();
        try (BrokerTransport transport = Rocket.at(server.nameServer()).open("neighbours-it");
                PublishSession session = transport.openPublishSession(outcomes)) {
            transport.ensure(DestinationSpec.builder(destination).partitions(4).build());
            session.send(frame(destination, RocketRig.keyFor(0, 4), "there"), "there");
            session.send(frame(destination, RocketRig.keyFor(2, 4), "full"), "first");
            await().atMost(PATIENCE).until(() -> outcomes.confirmed.size() == 2);
            server.pauseBroker(1);
            try {
                for (int i = 0; i < full; i++) {
                    session.send(frame(destination, RocketRig.keyFor(2, 4), "full"), i);
                }
                long shortest = Long.MAX_VALUE;
                for (int i = full; i < full + 10; i++) {
                    long begun = System.nanoTime();
                    session.send(frame(destination, RocketRig.keyFor(2, 4), "no room"), i);
                    shortest = Math.min(shortest, System.nanoTime() - begun);
                    assertThat(outcomes.notSent).containsKey(i);
                }
                assertThat(Duration.ofNanos(shortest)).isLessThan(Duration.ofMillis(50));
                session.send(frame(destination, RocketRig.keyFor(0, 4), "there"), "neighbour");
                await().atMost(PATIENCE).until(() -> outcomes.confirmed.containsKey("neighbour"));
            } finally {
                server.resumeBroker(1);
            }
            await().atMost(PATIENCE).until(() -> outcomes.decided() == full + 13);
        }
    }

    @Test
    void aLookUpThatHangsHoldsItsOwnDestinationOnly() {
        SentOutcomes outcomes = new SentOutcomes();
        String other = RocketRig.name();
        try (BrokerTransport transport = Rocket.at(server.nameServer()).open("neighbours-it");
                PublishSession session = transport.openPublishSession(outcomes)) {
            transport.ensure(DestinationSpec.builder(destination).partitions(1).build());
            session.send(frame(destination, "k", "before"), 1);
            await().atMost(PATIENCE).until(() -> outcomes.confirmed.containsKey(1));
            server.pauseNameServer();
            try {
                session.send(frame(other, "k", "looked up"), 2);
                session.send(frame(destination, "k", "known"), 3);
                await().atMost(PATIENCE).until(() -> outcomes.confirmed.containsKey(3));
                assertThat(outcomes.notSent).isEmpty();
                assertThat(outcomes.rejected).isEmpty();
            } finally {
                server.resumeNameServer();
            }
            await().atMost(PATIENCE).until(() -> outcomes.decided() == 3);
            assertThat(outcomes.confirmed).containsOnlyKeys(1, 3);
        }
    }

    /** S10: a member joins, and one of two queues has to be drained; its handler takes its time, and the other queue continues. */
    @Test
    void aQueueThatIsDrainedHoldsNoOther() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        Set<String> handled = ConcurrentHashMap.newKeySet();
        String stays = RocketRig.keyFor(0, 2);
        String goes = RocketRig.keyFor(1, 2);
        try (MessagingClient first = client("a");
                MessagingClient second = client("b")) {
            first.ensure(DestinationSpec.builder(destination)
                    .partitions(2)
                    .group("g")
                    .build());
            Publisher<String> publisher = first.publisher(destination, Codecs.string());
            first.subscription(destination, Codecs.string())
                    .group("g")
                    .handler(delivery -> {
                        handled.add(delivery.body());
                        if (delivery.body().equals("slow")) {
                            slow.await();
                        }
                    })
                    .start();
            publisher.publish(OutboundMessage.of("slow").key(goes)).join();
            await().atMost(PATIENCE).until(() -> handled.contains("slow"));
            second.subscription(destination, Codecs.string())
                    .group("g")
                    .handler(delivery -> handled.add("second " + delivery.body()))
                    .start();
            await().atMost(PATIENCE).until(RocketNeighboursIT::isDraining);
            for (int i = 0; i < 30; i++) {
                String body = "stays-" + i;
                publisher.publish(OutboundMessage.of(body).key(stays)).join();
                await().atMost(PATIENCE).until(() -> handled.contains(body));
            }
            assertThat(isDraining()).isTrue();
            publisher.publish(OutboundMessage.of("after").key(goes)).join();
            assertThat(handled).noneMatch(each -> each.endsWith("after"));
            slow.countDown();
            await().atMost(PATIENCE).until(() -> handled.contains("second after"));
        } finally {
            slow.countDown();
        }
    }

    /** Some thread waits for the handlers of a queue that goes. */
    private static boolean isDraining() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Stream::of)
                .anyMatch(frame -> frame.getMethodName().equals("onRevoking"));
    }

    /** S12: for two minutes it lists the connections that a member gave up meanwhile, and the queues that were dealt to those were not read. */
    @Test
    @Tag("slow")
    void aBrokerThatStoodStillIsReadAgainSoon() throws Exception {
        try (RocketAsk ask = new RocketAsk();
                BrokerTransport transport = Rocket.at(server.nameServer())
                        .lockExpiry(RocketRig.LOCK_EXPIRY)
                        .open("still-it")) {
            transport.ensure(DestinationSpec.builder(destination).partitions(4).build());
            Received received = Received.settlingAll();
            try (MessageSource source = transport.openSource(RocketRig.source(destination), received)) {
                received.of(source);
                source.start();
                await().atMost(PATIENCE).until(() -> received.owned.size() == 4);
                server.pauseBroker(0);
                try {
                    // The time is the fault: the member gives up connections, and the broker finds what they brought
                    // when it continues.
                    await().pollDelay(Duration.ofSeconds(25)).until(() -> true);
                } finally {
                    server.resumeBroker(0);
                }
                for (int queue = 0; queue < 4; queue++) {
                    ask.publish(ask.queue(destination, queue % 2, queue / 2), queue * 10, queue * 10 + 10);
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(received.texts()).hasSizeGreaterThanOrEqualTo(40));
            }
        }
    }

    /** Its thread, and its client's threads and connections, lived on for more than twenty seconds. */
    @Test
    @Tag("slow")
    void aCloseDoesNotWaitForBrokersThatStandStill() {
        try (BrokerTransport transport =
                Rocket.at(server.nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY).open("close-it")) {
            transport.ensure(DestinationSpec.builder(destination).partitions(4).build());
            Received received = Received.settlingAll();
            MessageSource source = transport.openSource(RocketRig.source(destination), received);
            received.of(source);
            source.start();
            await().atMost(PATIENCE).until(() -> received.owned.size() == 4);
            String thread = "oncemq-rocket-source-" + destination + "-g";
            server.pauseBroker(0);
            server.pauseBroker(1);
            try {
                long start = System.nanoTime();
                source.close(Duration.ofSeconds(1));
                await().atMost(PATIENCE)
                        .until(() -> Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(each -> each.getName().equals(thread)));
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(14));
            } finally {
                server.resumeBroker(0);
                server.resumeBroker(1);
            }
        }
    }

    private MessagingClient client() {
        return client("neighbours-it");
    }

    private MessagingClient client(String id) {
        return MessagingClient.builder()
                .clientId(id)
                .profile(Profile.DEV)
                .transport(Rocket.at(server.nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY))
                .withoutIdempotency()
                .build();
    }
}
