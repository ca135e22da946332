package io.oncemq.it.jms;

import static io.oncemq.it.jms.ArtemisRig.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.it.SentOutcomes;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SendOptions;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.RawMessage;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A1 and A2: each message gets the outcome that is its own, and is stored once. */
class ArtemisPublishIT {
    private final TcpProxy proxy = ArtemisRig.proxy();
    private final BrokerTransport transport = ArtemisRig.artemis().open("publish-it");
    private final String destination = ArtemisRig.destination(transport);
    private final SentOutcomes outcomes = new SentOutcomes();
    private final PublishSession session = transport.openPublishSession(outcomes);

    @AfterEach
    void everyMessageHadOneOutcome() {
        proxy.restore();
        session.close();
        transport.close();
        assertThat(outcomes.twice).isEmpty();
    }

    /** The client's own listener hears of a message as soon as it is written, unless it is told to wait for the broker (A1). */
    @Test
    void confirmsNothingThatTheBrokerHasNotAnswered() {
        sendAndAwait("before");
        proxy.swallowReplies();
        long swallowed = proxy.swallowedBytes();
        session.send(frame(destination, "k", "silent"), "silent");
        await().until(() -> stored() == 2 && proxy.swallowedBytes() > swallowed);
        assertThat(outcomes.decided()).isEqualTo(1);
        proxy.reset();
        await().until(() -> !outcomes.failures.isEmpty());
        assertThat(outcomes.confirmed).containsOnlyKeys("before");
        assertThat(outcomes.failures).hasSize(1);
    }

    /** The engine sends what is undecided again as the same frame; a second publish of the same id is another message (A2). */
    @Test
    void storesOnceWhatGoesOutAgainAfterALostAnswer() {
        sendAndAwait("before");
        OutboundFrame undecided = frame(destination, "k", "undecided");
        proxy.swallowReplies();
        session.send(undecided, "undecided");
        await().until(() -> stored() == 2);
        proxy.reset();
        proxy.restore();
        await().until(() -> !outcomes.failures.isEmpty());
        SentOutcomes again = new SentOutcomes();
        try (PublishSession next = transport.openPublishSession(again)) {
            next.send(undecided, "again");
            await().until(() -> again.confirmed.containsKey("again"));
            assertThat(stored()).isEqualTo(2);
            next.send(undecided, "meant");
            await().until(() -> again.confirmed.containsKey("meant"));
            assertThat(stored()).isEqualTo(3);
        }
    }

    @Test
    void storesEachKeyInOrder() {
        ArtemisRig.raw().spyOn(destination);
        for (int i = 0; i < 500; i++) {
            session.send(frame(destination, "k", "body-" + i), i);
        }
        await().until(() -> outcomes.confirmed.size() == 500);
        assertThat(ArtemisRig.raw().read(destination))
                .extracting(RawMessage::text)
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(i -> "body-" + i).toList());
    }

    /** The broker confirms messages that reach no queue, and makes an address of every name. */
    @Test
    void rejectsWhatNobodyWouldGet() {
        String unread = destination + ".unread";
        transport.ensure(DestinationSpec.of(unread));
        session.send(frame(destination + ".missing", "k", "lost"), "missing");
        session.send(frame(unread, "k", "lost"), "unread");
        await().until(() -> outcomes.decided() == 2);
        assertThat(outcomes.rejected)
                .containsEntry("missing", Reason.UNROUTABLE)
                .containsEntry("unread", Reason.UNROUTABLE);
        assertThat(transport.exists(destination + ".missing")).isFalse();
        transport.ensure(DestinationSpec.builder(unread).group("g").build());
        session.send(frame(unread, "k", "kept"), "kept");
        await().until(() -> outcomes.confirmed.containsKey("kept"));
    }

    /** A busy producer uses up its window of 1 MiB many times a second, and has more a moment later: no reason for a back-off. */
    @Test
    void whatFindsNoCreditForAMomentIsOnlyWithoutRoom() {
        sendAndAwait("before");
        int messages = 3_000;
        for (int i = 0; i < messages; i++) {
            session.send(frame(destination, "k" + i, "x".repeat(10_000)), i);
        }
        await().until(() -> outcomes.decided() == messages + 1);
        assertThat(outcomes.withoutRoom).isNotEmpty();
        assertThat(outcomes.notSent.keySet()).isEqualTo(outcomes.withoutRoom);
        assertThat(outcomes.confirmed).hasSize(1 + messages - outcomes.withoutRoom.size());
    }

    @Test
    void rejectsWhatIsTooLargeAndConfirmsItsNeighbours() {
        Headers large = Headers.builder().add("h", "x".repeat(60_000)).build();
        session.send(frame(destination, "k", new byte[(1 << 20) + 1], Headers.empty(), null), "body");
        session.send(frame(destination, "k", new byte[1], large, null), "headers");
        session.send(frame(destination, "k", new byte[1 << 20], Headers.empty(), null), "fits");
        await().until(() -> outcomes.decided() == 3);
        assertThat(outcomes.rejected)
                .containsEntry("body", Reason.TOO_LARGE)
                .containsEntry("headers", Reason.TOO_LARGE);
        assertThat(outcomes.confirmed).containsOnlyKeys("fits");
    }

    @Test
    void aMessageThatIsWorthMoreGoesFirst() {
        ArtemisRig.raw().spyOn(destination);
        for (int priority : List.of(1, 9, 5)) {
            SendOptions options = new SendOptions(null, null, priority);
            session.send(
                    frame(destination, null, new byte[] {(byte) ('0' + priority)}, Headers.empty(), options), priority);
        }
        await().until(() -> outcomes.confirmed.size() == 3);
        assertThat(ArtemisRig.raw().read(destination))
                .extracting(RawMessage::text)
                .containsExactly("9", "5", "1");
    }

    @Test
    void aDelayedMessageArrivesNotBeforeItsTimeAlsoWhenTheBrokerIsKilledMeanwhile() {
        ArtemisRig.raw().spyOn(destination);
        Duration delay = Duration.ofSeconds(6);
        long sent = System.nanoTime();
        session.send(
                frame(destination, "k", new byte[] {'d'}, Headers.empty(), new SendOptions(delay, null, null)),
                "delayed");
        session.send(frame(destination, "k", "at once"), "at once");
        await().until(() -> outcomes.confirmed.size() == 2);
        ArtemisRig.server().kill();
        ArtemisRig.server().start();
        await().until(() -> ArtemisRig.raw().read(destination).size() == 2);
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThanOrEqualTo(delay.minusMillis(50));
        assertThat(ArtemisRig.raw().read(destination))
                .extracting(RawMessage::text)
                .containsExactlyInAnyOrder("at once", "d");
    }

    private void sendAndAwait(String text) {
        session.send(frame(destination, "k", text), text);
        await().until(() -> outcomes.confirmed.containsKey(text));
    }

    private long stored() {
        return ArtemisRig.raw().messages(ArtemisRig.queue(destination));
    }
}
