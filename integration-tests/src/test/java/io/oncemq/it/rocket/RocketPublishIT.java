package io.oncemq.it.rocket;

import static io.oncemq.it.rocket.RocketRig.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.it.SentOutcomes;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.server.RocketServer;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** M1 to M3: each message gets the outcome that is its own, and a key its queue. */
class RocketPublishIT {
    private final RocketServer server = RocketRig.server();
    private final BrokerTransport transport = Rocket.at(server.nameServer()).open("publish-it");
    private final SentOutcomes outcomes = new SentOutcomes();
    private final PublishSession session = transport.openPublishSession(outcomes);

    @AfterEach
    void everyMessageHadOneOutcome() {
        session.close();
        transport.close();
        assertThat(outcomes.twice).isEmpty();
        assertThat(outcomes.failures).isEmpty();
    }

    @Test
    void confirmsWhatIsStoredInOrderWhereTheKeyBelongs() throws Exception {
        String destination = RocketRig.name();
        transport.ensure(DestinationSpec.builder(destination).partitions(4).build());
        assertThat(transport.exists(destination)).isTrue();
        String key = RocketRig.keyFor(3, 4);
        for (int i = 0; i < 50; i++) {
            session.send(frame(destination, key, "body-" + i), i);
            int sent = i + 1;
            await().until(() -> outcomes.confirmed.size() == sent);
            // The four queues are 0 and 1 of the first broker, then 0 and 1 of the second one.
            assertThat(outcomes.confirmed.get(i)).isEqualTo(new Position("broker-1-1", i));
        }
        assertThat(outcomes.shards).containsEntry(destination, 4);
        assertThat(RocketRig.bodies(destination.replace(".", "%2E"), 1, 1))
                .containsExactlyElementsOf(
                        IntStream.range(0, 50).mapToObj(i -> "body-" + i).toList());
    }

    @Test
    void callsUnknownWhatNoReplicaHas() throws Exception {
        String destination = RocketRig.name();
        transport.ensure(DestinationSpec.builder(destination).partitions(2).build());
        String key = RocketRig.keyFor(0, 2);
        server.configure(0, "brokerRole", "SYNC_MASTER");
        server.configure(0, "inSyncReplicas", 2);
        server.configure(0, "slaveTimeout", 300);
        try {
            session.send(frame(destination, key, "alone"), 1);
            await().until(() -> outcomes.decided() == 1);
            assertThat(outcomes.unknown).containsOnlyKeys(1);
            assertThat(outcomes.unknown.get(1)).hasMessageContaining("SLAVE");
        } finally {
            server.configure(0, "inSyncReplicas", 1);
            server.configure(0, "brokerRole", "ASYNC_MASTER");
        }
        session.send(frame(destination, key, "again"), 2);
        await().until(() -> outcomes.confirmed.containsKey(2));
        String topic = destination.replace(".", "%2E");
        assertThat(RocketRig.bodies(topic, 0, 0)).containsExactly("alone", "again");
        assertThat(RocketRig.bodies(topic, 1, 0)).isEmpty();
    }

    /** No answer of the client's own choosing comes in between: what was sent once is stored once (M2). */
    @Test
    @Tag("slow")
    void storesOnceWhatABrokerDoesNotAnswer() throws Exception {
        String destination = RocketRig.name();
        transport.ensure(DestinationSpec.builder(destination).partitions(2).build());
        String key = RocketRig.keyFor(0, 2);
        session.send(frame(destination, key, "before"), 1);
        await().until(() -> outcomes.confirmed.containsKey(1));
        server.pauseBroker(0);
        try {
            session.send(frame(destination, key, "silent"), 2);
            await().until(() -> outcomes.decided() == 2);
            assertThat(outcomes.unknown).containsOnlyKeys(2);
        } finally {
            server.resumeBroker(0);
        }
        await().untilAsserted(() -> {
            session.send(frame(destination, key, "after"), new Object());
            await().until(() -> outcomes.confirmed.size() > 1);
        });
        String topic = destination.replace(".", "%2E");
        assertThat(RocketRig.bodies(topic, 0, 0)).startsWith("before", "silent").containsOnlyOnce("silent");
        assertThat(RocketRig.bodies(topic, 1, 0)).isEmpty();
    }

    /** M2: the client would send it again by itself, and call it stored. */
    @Test
    void storesOnceWhatWasStoredThoughTheAnswerWasLost() {
        String destination = RocketRig.name();
        transport.ensure(DestinationSpec.builder(destination).partitions(2).build());
        String key = RocketRig.keyFor(0, 2);
        session.send(frame(destination, key, "before"), 1);
        await().until(() -> outcomes.confirmed.containsKey(1));
        RocketRig.proxy().swallowReplyTo("its answer is lost".getBytes(UTF_8));
        session.send(frame(destination, key, "its answer is lost"), 2);
        await().until(() -> outcomes.decided() == 2);
        assertThat(outcomes.unknown).containsOnlyKeys(2);
        String topic = destination.replace(".", "%2E");
        assertThat(RocketRig.bodies(topic, 0, 0)).containsExactly("before", "its answer is lost");
        assertThat(RocketRig.bodies(topic, 1, 0)).isEmpty();
    }

    @Test
    @Tag("slow")
    void callsUnknownWhatIsNotOnTheDiskInTime() {
        String destination = RocketRig.name();
        transport.ensure(DestinationSpec.builder(destination).partitions(2).build());
        server.configure(0, "flushDiskType", "SYNC_FLUSH");
        server.configure(0, "syncFlushTimeout", 0);
        server.restartBroker(0);
        try {
            // The disk may be as quick as that.
            await().until(() -> {
                session.send(frame(destination, RocketRig.keyFor(0, 2), "late"), new Object());
                return !outcomes.unknown.isEmpty();
            });
            assertThat(outcomes.unknown.values())
                    .allSatisfy(cause -> assertThat(cause).hasMessageContaining("FLUSH_DISK_TIMEOUT"));
        } finally {
            server.configure(0, "syncFlushTimeout", 5_000);
            server.configure(0, "flushDiskType", "ASYNC_FLUSH");
            server.restartBroker(0);
        }
    }

    @Test
    void rejectsWhatHasNoDestinationAndWhatIsTooLarge() {
        String destination = RocketRig.name();
        session.send(frame(destination, "k", "nowhere"), 1);
        await().until(() -> outcomes.rejected.get(1) == Reason.UNROUTABLE);
        transport.ensure(DestinationSpec.of(destination));
        session.send(frame(destination, "k", new byte[(4 << 20) + 1], Headers.empty()), 2);
        Headers large = Headers.builder().add("h", "x".repeat(33_000)).build();
        session.send(frame(destination, "k", new byte[1], large), 3);
        session.send(frame(destination, "k", "fits"), 4);
        await().until(() -> outcomes.decided() == 4);
        assertThat(outcomes.rejected).containsEntry(2, Reason.TOO_LARGE).containsEntry(3, Reason.TOO_LARGE);
        assertThat(outcomes.confirmed).containsOnlyKeys(4);
    }

    @Test
    @Tag("slow")
    void keepsKeysOnTheirQueuesWhileOneOfTwoBrokersIsUnreachable() throws Exception {
        String destination = RocketRig.name();
        transport.ensure(DestinationSpec.builder(destination).partitions(2).build());
        String there = RocketRig.keyFor(0, 2);
        String away = RocketRig.keyFor(1, 2);
        server.killBroker(1);
        try (BrokerTransport late = Rocket.at(server.nameServer()).open("late");
                PublishSession newcomer = late.openPublishSession(outcomes)) {
            for (PublishSession each : List.of(session, newcomer)) {
                each.send(frame(destination, there, "there"), each + " there");
                each.send(frame(destination, away, "away"), each + " away");
            }
            await().until(() -> outcomes.decided() == 4);
            assertThat(outcomes.confirmed).containsOnlyKeys(session + " there", newcomer + " there");
            assertThat(outcomes.confirmed.values())
                    .extracting(Position::partition)
                    .containsOnly("broker-0-0");
            assertThat(outcomes.rejected).isEmpty();
            server.restartBroker(1);
            await().untilAsserted(() -> {
                session.send(frame(destination, away, "back"), new Object());
                assertThat(outcomes.confirmed.values())
                        .extracting(Position::partition)
                        .contains("broker-1-0");
            });
        } finally {
            if (!server.isRunning()) {
                server.restartBroker(1);
            }
        }
        assertThat(RocketRig.bodies(destination.replace(".", "%2E"), 0, 0)).containsOnly("there");
    }

    @Test
    void refusesAnotherNumberOfQueues() {
        String destination = RocketRig.name();
        transport.ensure(DestinationSpec.builder(destination).partitions(4).build());
        transport.ensure(DestinationSpec.builder(destination).partitions(4).build());
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> transport.ensure(
                        DestinationSpec.builder(destination).partitions(3).build()))
                .withMessageContaining("4 queues");
    }

    @Test
    void namesTheSettingThatLosesConfirmedMessages() {
        assertThat(transport.preflight())
                .extracting(finding -> finding.component() + " " + finding.setting())
                .containsExactly("RocketMQ broker broker-0 flushDiskType", "RocketMQ broker broker-1 flushDiskType");
        server.configure(0, "flushDiskType", "SYNC_FLUSH");
        try {
            assertThat(transport.preflight())
                    .extracting(finding -> finding.component())
                    .containsExactly("RocketMQ broker broker-1");
        } finally {
            server.configure(0, "flushDiskType", "ASYNC_FLUSH");
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(ofSeconds(60));
    }
}
