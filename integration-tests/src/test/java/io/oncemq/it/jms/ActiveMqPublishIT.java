package io.oncemq.it.jms;

import static io.oncemq.it.jms.ActiveMqRig.frame;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A1 and A2 on Classic: each message gets the outcome that is its own. */
class ActiveMqPublishIT {
    private final TcpProxy proxy = ActiveMqRig.proxy();
    private final BrokerTransport transport = ActiveMqRig.activeMq().open("publish-it");
    private final String destination = ActiveMqRig.destination(transport);
    private final SentOutcomes outcomes = new SentOutcomes();
    private final PublishSession session = transport.openPublishSession(outcomes);

    @AfterEach
    void everyMessageHadOneOutcome() {
        proxy.restore();
        session.close();
        transport.close();
        assertThat(outcomes.twice).isEmpty();
    }

    /** The client's callback could as well tell that a message is written (A1). */
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

    /** Classic knows no second copy (A2): the store of claims does, by the id. */
    @Test
    void theBrokerKeepsBothCopiesOfWhatGoesOutAgain() {
        sendAndAwait("before");
        OutboundFrame undecided = frame(destination, "k", "undecided");
        proxy.swallowReplies();
        session.send(undecided, "undecided");
        await().until(() -> stored() == 2);
        // In this order, so that a new connection gets an answer.
        proxy.restore();
        proxy.reset();
        await().until(() -> !outcomes.failures.isEmpty());
        SentOutcomes again = new SentOutcomes();
        try (PublishSession next = transport.openPublishSession(again)) {
            next.send(undecided, "again");
            await().until(() -> again.confirmed.containsKey("again"));
        }
        assertThat(stored()).isEqualTo(3);
    }

    @Test
    void storesEachKeyInOrder() {
        ActiveMqRig.raw().spyOn(destination);
        for (int i = 0; i < 500; i++) {
            session.send(frame(destination, "k", "body-" + i), i);
        }
        await().until(() -> outcomes.confirmed.size() == 500);
        assertThat(ActiveMqRig.raw().read(destination))
                .extracting(RawMessage::text)
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(i -> "body-" + i).toList());
    }

    /** One asks, one sends: the others are for destinations that have more shards. */
    @Test
    void opensConnectionsAsDestinationsNeedThem() {
        String single = destination + ".single";
        transport.ensure(
                DestinationSpec.builder(single).partitions(1).group("g").build());
        int before = proxy.open();
        try (PublishSession fresh = transport.openPublishSession(outcomes)) {
            assertThat(proxy.open()).isEqualTo(before + 1);
            fresh.send(frame(single, "k", "body"), "single");
            await().until(() -> outcomes.confirmed.containsKey("single"));
            assertThat(proxy.open()).isEqualTo(before + 2);
        }
        await().until(() -> proxy.open() == before);
    }

    /** The broker confirms messages that reach no queue, and makes a topic of every name. */
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

    /** Without the mark in its queue a group that never had a message would be forgotten. */
    @Test
    void aGroupWithoutMessagesKeepsWhatComesAfterTheBrokerWasKilled() {
        ActiveMqRig.server().kill();
        ActiveMqRig.server().start();
        SentOutcomes after = new SentOutcomes();
        try (PublishSession next = transport.openPublishSession(after)) {
            next.send(frame(destination, "k", "kept"), "kept");
            await().until(() -> after.decided() == 1);
        }
        assertThat(after.confirmed).containsOnlyKeys("kept");
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void rejectsWhatIsTooLargeAndConfirmsItsNeighbours() {
        session.send(frame(destination, "k", new byte[(1 << 20) + 1], Headers.empty(), null), "body");
        session.send(frame(destination, "k", new byte[1 << 20], Headers.empty(), null), "fits");
        await().until(() -> outcomes.decided() == 2);
        assertThat(outcomes.rejected).containsEntry("body", Reason.TOO_LARGE);
        assertThat(outcomes.confirmed).containsOnlyKeys("fits");
    }

    @Test
    void aDelayedMessageArrivesNotBeforeItsTimeAlsoWhenTheBrokerIsKilledMeanwhile() {
        ActiveMqRig.raw().spyOn(destination);
        Duration delay = Duration.ofSeconds(6);
        long sent = System.nanoTime();
        session.send(
                frame(destination, "k", new byte[] {'d'}, Headers.empty(), new SendOptions(delay, null, null)),
                "delayed");
        session.send(frame(destination, "k", "at once"), "at once");
        await().until(() -> outcomes.confirmed.size() == 2);
        ActiveMqRig.server().kill();
        ActiveMqRig.server().start();
        await().until(() -> ActiveMqRig.raw().read(destination).size() == 2);
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThanOrEqualTo(delay.minusMillis(50));
        assertThat(ActiveMqRig.raw().read(destination))
                .extracting(RawMessage::text)
                .containsExactlyInAnyOrder("at once", "d");
    }

    private void sendAndAwait(String text) {
        session.send(frame(destination, "k", text), text);
        await().until(() -> outcomes.confirmed.containsKey(text));
    }

    private int stored() {
        return ActiveMqRig.raw().waiting(ActiveMqRig.queue(destination)).size();
    }

    /** The broker waits for its disk message by message. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(5));
    }
}
