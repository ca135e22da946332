package io.oncemq.it.rocket;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Headers;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.it.SentOutcomes;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SendOptions;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What RocketMQ does with a message beside keeping it: delays, and names by which others find it. */
class RocketSendOptionsIT {
    private static final Duration PATIENCE = ofSeconds(60);
    private static RocketServer server;
    private static BrokerTransport transport;

    private final SentOutcomes outcomes = new SentOutcomes();
    private final PublishSession session = transport.openPublishSession(outcomes);
    private final String destination = RocketRig.name();
    private final String topic = destination.replace(".", "%2E");

    RocketSendOptionsIT() {
        transport.ensure(DestinationSpec.of(destination));
    }

    @BeforeAll
    static void open() {
        server = RocketRig.server();
        transport = Rocket.at(server.nameServer()).open("options-it");
    }

    @AfterAll
    static void close() {
        transport.close();
    }

    @AfterEach
    void everyMessageHadOneOutcome() {
        session.close();
        assertThat(outcomes.twice).isEmpty();
    }

    @Test
    void delaysByTheBrokersTimer() throws Exception {
        assertThat(transport.capabilities().supports(Feature.DELAYED_DELIVERY)).isTrue();
        for (int i = 0; i < 5; i++) {
            send(ofMillis(8_000 + 37 * i), i);
        }
        send(null, "at once");
        await().atMost(PATIENCE).until(() -> outcomes.confirmed.size() == 6);
        assertThat(outcomes.confirmed)
                .containsEntry(0, new Position("broker-0-0", -1))
                .containsEntry("at once", new Position("broker-0-0", 0));
        List<MessageExt> arrived = RocketRig.messages(topic, 0, 0, 6, "*");
        assertThat(new String(arrived.get(0).getBody())).isEqualTo("at once");
        for (MessageExt each : arrived.subList(1, 6)) {
            int number = Integer.parseInt(new String(each.getBody()));
            assertThat(each.getStoreTimestamp() - each.getBornTimestamp()).isGreaterThanOrEqualTo(8_000 + 37 * number);
        }
    }

    @Test
    void refusesADelayBeyondTheBrokersLimit() {
        send(ofDays(3).plusSeconds(1), 1);
        send(ofHours(1), 2);
        await().atMost(PATIENCE).until(() -> outcomes.decided() == 2);
        assertThat(outcomes.rejected).containsExactly(Map.entry(1, Reason.REFUSED));
        assertThat(outcomes.confirmed).containsOnlyKeys(2);
        server.configure(0, "timerMaxDelaySec", 60);
        try {
            // The first one is refused by the broker, the second one without asking it.
            for (int i = 3; i <= 4; i++) {
                send(ofHours(1), i);
                int sent = i;
                await().atMost(PATIENCE).until(() -> outcomes.rejected.get(sent) == Reason.REFUSED);
            }
        } finally {
            server.configure(0, "timerMaxDelaySec", 3 * 24 * 3_600);
        }
        send(ofHours(1), 5);
        await().atMost(PATIENCE).until(() -> outcomes.confirmed.containsKey(5));
    }

    /** What a broker can delay is asked once: it takes an answer of the name server, too. */
    @Test
    void delaysWhileTheNameServerIsSilent() {
        send(ofHours(1), "asked");
        await().atMost(PATIENCE).until(() -> outcomes.confirmed.containsKey("asked"));
        server.pauseNameServer();
        try {
            send(ofHours(1), "remembered");
            await().atMost(PATIENCE).until(() -> outcomes.decided() == 2);
        } finally {
            server.resumeNameServer();
        }
        assertThat(outcomes.confirmed).containsOnlyKeys("asked", "remembered");
    }

    @Test
    void delaysByLevelsWhereTheTimerIsOff() throws Exception {
        send(ofHours(1), "timer");
        await().atMost(PATIENCE).until(() -> outcomes.confirmed.containsKey("timer"));
        server.configure(0, "timerWheelEnable", false);
        try {
            send(ofSeconds(1), "still unknown to the session");
            await().atMost(PATIENCE).until(() -> outcomes.decided() == 2);
            send(ofSeconds(1), "a level");
            send(ofMillis(1_500), "no level");
            await().atMost(PATIENCE).until(() -> outcomes.decided() == 4);
            assertThat(outcomes.rejected)
                    .containsOnlyKeys("still unknown to the session", "no level")
                    .containsValue(Reason.REFUSED);
            assertThat(RocketRig.messages(topic, 0, 0, 1, "*"))
                    .singleElement()
                    .satisfies(each -> assertThat(each.getBody()).asString().isEqualTo("a level"))
                    .satisfies(each -> assertThat(each.getStoreTimestamp() - each.getBornTimestamp())
                            .isGreaterThanOrEqualTo(1_000));
        } finally {
            server.configure(0, "timerWheelEnable", true);
        }
    }

    @Test
    @Tag("slow")
    void keepsWhatIsDelayedThroughAKill() throws Exception {
        send(ofSeconds(5), "kept");
        await().atMost(PATIENCE).until(() -> outcomes.confirmed.containsKey("kept"));
        server.restartBroker(0);
        // The broker may deliver it twice then: it reads what waits from its log again.
        assertThat(RocketRig.messages(topic, 0, 0, 1, "*"))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.getBody()).asString().isEqualTo("kept"));
    }

    @Test
    void letsOperatorsFindAMessageByIdAndKeyAndOthersFilterByItsType() throws Exception {
        OutboundFrame paid = frame("customer-7", "order.paid", "paid", null);
        OutboundFrame shipped = frame("customer-7", "order.shipped", "shipped", null);
        session.send(paid, 1);
        session.send(shipped, 2);
        await().atMost(PATIENCE).until(() -> outcomes.confirmed.size() == 2);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(RocketRig.found(topic, paid.id())).containsExactly("paid");
            assertThat(RocketRig.found(topic, "customer-7")).containsExactlyInAnyOrder("paid", "shipped");
        });
        assertThat(RocketRig.messages(topic, 0, 0, 1, "order.shipped"))
                .singleElement()
                .satisfies(each -> assertThat(each.getBody()).asString().isEqualTo("shipped"));
    }

    private void send(Duration delay, Object body) {
        session.send(frame(null, null, body.toString(), delay), body);
    }

    private OutboundFrame frame(String key, String type, String body, Duration delay) {
        Headers headers = type == null
                ? Headers.empty()
                : Headers.builder().add("CE_type", type).build();
        OutboundFrame plain = RocketRig.frame(destination, key, body.getBytes(), headers);
        return new OutboundFrame(
                destination,
                plain.id(),
                key,
                plain.keyHash(),
                headers,
                plain.body(),
                plain.size(),
                delay == null ? null : new SendOptions(delay, null, null));
    }
}
