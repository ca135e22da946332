package io.oncemq.it.rabbit;

import static io.oncemq.it.rabbit.PublishRig.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.it.SentOutcomes;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Q1 and Q3: each message gets the outcome that is its own. */
@NeedsRabbit
class RabbitPublishIT {
    private final RabbitServer server = PublishRig.server();
    private final BrokerTransport transport = PublishRig.rabbit(server).open("publish-it");
    private final SentOutcomes outcomes = new SentOutcomes();
    private final PublishSession session = transport.openPublishSession(outcomes);

    @AfterEach
    void everyMessageHadOneOutcome() {
        session.close();
        transport.close();
        assertThat(outcomes.twice).isEmpty();
    }

    @Test
    void confirmsWhatEveryQueueHasAndNamesTheShard() {
        String destination = PublishRig.destination(transport, 2);
        for (int i = 0; i < 2_000; i++) {
            session.send(frame(destination, "key-" + i % 7, "body-" + i), i);
        }
        await().until(() -> outcomes.confirmed.size() == 2_000);
        assertThat(outcomes.confirmed.values())
                .containsOnly(new Position(destination + ".shard.0", -1), new Position(destination + ".shard.1", -1));
        assertThat(outcomes.shards).containsEntry(destination, 2);
        List<String> stored = new ArrayList<>(stored(destination, 0));
        stored.addAll(stored(destination, 1));
        assertThat(stored)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 2_000).mapToObj(i -> "body-" + i).toList());
    }

    @Test
    void rejectsOnlyWhatHasNoQueueAmongWhatHas() {
        String read = PublishRig.destination(transport, 1);
        String unread = PublishRig.name();
        transport.ensure(DestinationSpec.builder(unread).partitions(3).build());
        for (int i = 0; i < 600; i++) {
            session.send(frame(i % 3 == 0 ? unread : read, null, "body"), i);
        }
        await().until(() -> outcomes.decided() == 600);
        assertThat(outcomes.rejected).hasSize(200).allSatisfy((context, reason) -> {
            assertThat((Integer) context % 3).isZero();
            assertThat(reason).isEqualTo(Reason.UNROUTABLE);
        });
        assertThat(outcomes.confirmed).hasSize(400);
        assertThat(outcomes.failures).isEmpty();
    }

    @Test
    void rejectsWhatHasNoDestinationAndSendsItOnceThereIsOne() {
        String destination = PublishRig.name();
        session.send(frame(destination, "k", "before"), 1);
        await().until(() -> outcomes.rejected.get(1) == Reason.UNROUTABLE);
        transport.ensure(DestinationSpec.builder(destination).group("g").build());
        session.send(frame(destination, "k", "after"), 2);
        await().until(() -> outcomes.confirmed.containsKey(2));
        assertThat(stored(destination, 0)).containsExactly("after");
    }

    @Test
    void headersBeyondTheFrameAreRejectedAndEveryOtherConfirmIsForItsOwnMessage() {
        String destination = PublishRig.destination(transport, 1);
        Headers large = Headers.builder().add("large", new byte[200 << 10]).build();
        Headers nameless = Headers.builder().add("n".repeat(300), new byte[1]).build();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            boolean odd = i % 10 == 5;
            session.send(
                    odd
                            ? frame(destination, null, new byte[3], i % 20 == 5 ? large : nameless)
                            : frame(destination, null, "body-" + i),
                    i);
            if (!odd) {
                expected.add("body-" + i);
            }
        }
        await().until(() -> outcomes.decided() == 300);
        assertThat(outcomes.rejected)
                .hasSize(30)
                .allSatisfy((context, reason) ->
                        assertThat(reason).isEqualTo((Integer) context % 20 == 5 ? Reason.TOO_LARGE : Reason.REFUSED));
        assertThat(outcomes.confirmed).hasSize(270);
        assertThat(outcomes.failures).isEmpty();
        assertThat(stored(destination, 0)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void headersUpToTheFrameWithRoomForThoseOfADeadLetterAreTaken() {
        String destination = PublishRig.destination(transport, 1);
        Headers fitting = Headers.builder().add("large", new byte[111 << 10]).build();
        session.send(frame(destination, null, new byte[3], fitting), 1);
        await().until(() -> outcomes.confirmed.containsKey(1));
    }

    @Test
    void learnsHowLargeABodyMayBeWhenTheServerClosesTheChannelForIt() {
        String destination = PublishRig.destination(transport, 1);
        session.send(frame(destination, null, new byte[PublishRig.LARGEST + 1], Headers.empty()), 1);
        await().until(() -> !outcomes.failures.isEmpty());
        assertThat(outcomes.failures).hasSize(1);
        assertThat(outcomes.decided()).isZero();
        SentOutcomes later = new SentOutcomes();
        try (PublishSession next = transport.openPublishSession(later)) {
            next.send(frame(destination, null, new byte[PublishRig.LARGEST + 1], Headers.empty()), 1);
            next.send(frame(destination, null, new byte[PublishRig.LARGEST], Headers.empty()), 2);
            await().until(() -> later.decided() == 2);
        }
        assertThat(later.rejected).containsEntry(1, Reason.TOO_LARGE);
        assertThat(later.confirmed).containsKey(2);
    }

    @Test
    void rejectsABodyThatIsLargerThanItWasToldWithoutHarm() {
        String destination = PublishRig.destination(transport, 1);
        SentOutcomes told = new SentOutcomes();
        try (BrokerTransport bounded = PublishRig.rabbit(server)
                        .maxMessageSize(PublishRig.LARGEST)
                        .open("bounded");
                PublishSession toldSession = bounded.openPublishSession(told)) {
            toldSession.send(frame(destination, null, new byte[PublishRig.LARGEST + 1], Headers.empty()), 1);
            toldSession.send(frame(destination, null, "small"), 2);
            await().until(() -> told.decided() == 2);
        }
        assertThat(told.rejected).containsEntry(1, Reason.TOO_LARGE);
        assertThat(told.failures).isEmpty();
    }

    /** Overflow: the queue that is full refuses, another group's may have it. */
    @Test
    void whatAFullQueueRefusesIsNotCertain() {
        String destination = PublishRig.name();
        transport.ensure(DestinationSpec.builder(destination)
                .group("g")
                .setting("x-max-length", "10")
                .build());
        transport.ensure(DestinationSpec.builder(destination).group("wide").build());
        for (int i = 0; i < 1_500; i++) {
            session.send(frame(destination, null, "body-" + i), i);
        }
        await().until(() -> outcomes.decided() == 1_500);
        assertThat(outcomes.unknown).isNotEmpty();
        assertThat(outcomes.rejected).isEmpty();
        assertThat(outcomes.notSent).isEmpty();
        assertThat(outcomes.failures).isEmpty();
        List<String> full = stored(destination, 0);
        assertThat(full).containsAll(bodiesOf(outcomes.confirmed.keySet())).hasSizeLessThan(1_500);
        List<String> wide = PublishRig.bodies(PublishRig.drain(server, destination + ".wide.0"));
        assertThat(wide).as("what was refused lies in the other queue").hasSize(1_500);
    }

    private static List<String> bodiesOf(Iterable<Object> contexts) {
        List<String> bodies = new ArrayList<>();
        contexts.forEach(context -> bodies.add("body-" + context));
        return bodies;
    }

    private List<String> stored(String destination, int shard) {
        return PublishRig.bodies(PublishRig.drain(server, destination + ".g." + shard));
    }
}
