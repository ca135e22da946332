package io.oncemq.it.rocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.StartPosition;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceSpec;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** M4 to M8 and M10: positions are this adapter's own, and say what was handled. */
class RocketConsumeIT {
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final RocketServer server = RocketRig.server();
    private final BrokerTransport transport =
            Rocket.at(server.nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY).open("consume-it");
    private final RocketAsk ask = new RocketAsk();
    private final Deque<MessageSource> open = new ArrayDeque<>();
    private final String destination = RocketRig.name();
    private final MessageQueue queue = ask.queue(destination, 0, 0);

    RocketConsumeIT() throws Exception {}

    @AfterEach
    void close() {
        open.forEach(each -> each.close(CLOSE));
        ask.close();
        transport.close();
    }

    /** M4: what was pulled and what is committed are two things. */
    @Test
    void commitsWhatIsSettledAndNotWhatWasPulled() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(1).build());
        ask.publish(queue, 0, 100);
        Received first = Received.settling(offset -> offset < 30);
        MessageSource source = start(StartPosition.EARLIEST, first);
        await().until(() -> first.all.size() == 100 && ask.stored(queue, "g") == 30);
        source.close(CLOSE);
        assertThat(ask.stored(queue, "g")).isEqualTo(30);
        Received second = Received.settlingAll();
        start(StartPosition.EARLIEST, second);
        await().until(() -> second.all.size() == 70);
        assertThat(second.texts()).isEqualTo(numbers(30, 100));
        await().until(() -> ask.stored(queue, "g") == 100);
    }

    /** M5: each queue's position is committed for itself. */
    @Test
    void aCommitLeavesThePositionsOfOtherQueuesAlone() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(4).build());
        List<MessageQueue> queues = List.of(
                queue, ask.queue(destination, 0, 1), ask.queue(destination, 1, 0), ask.queue(destination, 1, 1));
        for (MessageQueue each : queues) {
            ask.publish(each, 0, 10);
        }
        Received settlingHalf = Received.settling(offset -> offset < 5);
        MessageSource source = start(StartPosition.EARLIEST, settlingHalf);
        await().until(() -> settlingHalf.all.size() == 40);
        source.close(CLOSE);
        for (MessageQueue each : queues) {
            assertThat(ask.stored(each, "g")).as(each.toString()).isEqualTo(5);
        }
        assertThat(transport.backlog(destination, "g"))
                .hasSize(4)
                .allMatch(waiting -> waiting.position() == 5 && waiting.messages() == 5);
        assertThat(transport.backlog(destination, "another group"))
                .hasSize(4)
                .allMatch(waiting -> waiting.position() == -1 && waiting.messages() == 10);
        ask.publish(queue, 10, 20);
        ask.store(ask.queue(destination, 1, 1), "g", 10);
        Received rest = Received.settlingAll();
        start(StartPosition.EARLIEST, rest).close(CLOSE);
        start(StartPosition.EARLIEST, rest);
        await().until(() -> ask.stored(queue, "g") == 20
                && ask.stored(queues.get(1), "g") == 10
                && ask.stored(queues.get(2), "g") == 10
                && ask.stored(queues.get(3), "g") == 10);
        assertThat(rest.all).filteredOn(one -> one.offset() < 5).isEmpty();
    }

    /** M6: a question without an answer is no reason to begin elsewhere. */
    @Test
    void aQuestionForThePositionThatFailsIsAskedAgain() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(1).build());
        ask.publish(queue, 0, 60);
        ask.store(queue, "g", 40);
        RocketRig.proxy().swallowReplyTo("setZeroIfNotFound".getBytes(UTF_8));
        long before = RocketRig.proxy().swallowedBytes();
        Received received = Received.settlingAll();
        start(StartPosition.EARLIEST, received);
        await().until(() -> received.all.size() >= 20);
        assertThat(received.texts()).isEqualTo(numbers(40, 60));
        assertThat(RocketRig.proxy().swallowedBytes()).isGreaterThan(before);
        assertThat(received.failure).isNull();
    }

    /** M6: nor is a broker that answers nothing at all. */
    @Test
    void aBrokerThatIsFrozenAtTheStartIsWaitedFor() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(1).build());
        ask.publish(queue, 0, 60);
        ask.store(queue, "g", 40);
        server.pauseBroker(0);
        Received received = Received.settlingAll();
        try {
            start(StartPosition.EARLIEST, received);
            await().pollDelay(Duration.ofSeconds(4)).until(() -> received.owned.isEmpty());
        } finally {
            server.resumeBroker(0);
        }
        await().until(() -> received.all.size() >= 20);
        assertThat(received.texts()).isEqualTo(numbers(40, 60));
        assertThat(received.failure).isNull();
    }

    /** M6: the broker proposes another offset; following it unseen would skip or repeat. */
    @Test
    void aPositionThatTheBrokerDoesNotHaveStopsTheSourceOrIsTold() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(1).build());
        ask.publish(queue, 0, 10);
        ask.store(queue, "g", 1_000);
        Received stopping = Received.settlingAll();
        start(StartPosition.EARLIEST, stopping);
        await().until(() -> stopping.failure != null);
        assertThat(stopping.failure).hasMessageContaining("1000").hasMessageContaining("LostPositions.EARLIEST");
        assertThat(stopping.all).isEmpty();
        assertThat(ask.stored(queue, "g")).isEqualTo(1_000);

        Received goingOn = Received.settlingAll();
        start(spec(StartPosition.EARLIEST, LostPositions.EARLIEST), goingOn);
        await().until(() -> goingOn.all.size() == 10);
        assertThat(goingOn.texts()).isEqualTo(numbers(0, 10));
        assertThat(goingOn.events).hasOnlyElementsOfType(PositionsLost.class).hasSize(1);
        await().until(() -> ask.stored(queue, "g") == 10);
    }

    /** M6: it refused for ever, and no event said so. Each reset, to the position that the group has, lets the broker refuse the next pull. */
    @Test
    void aPositionThatTheBrokerHasAndDoesNotReadAtIsToldAndTriedAgain() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(1).build());
        ask.publish(queue, 0, 5);
        ask.store(queue, "g", 0);
        Received received = Received.settling(offset -> false);
        start(StartPosition.EARLIEST, received);
        await().until(() -> received.all.size() == 5);
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            ask.reset(queue, "g");
            // Ends the pull that the broker keeps.
            ask.publish(queue, 5, 6);
            return received.events.stream().anyMatch(SourceInterrupted.class::isInstance);
        });
        assertThat(received.events)
                .hasOnlyElementsOfType(SourceInterrupted.class)
                .hasSize(1);
        assertThat(received.events.get(0).toString()).contains("broker-0-0", "does not read there");
        ask.publish(queue, 6, 7);
        await().until(() ->
                received.texts().contains("6") && received.events.stream().anyMatch(SourceResumed.class::isInstance));
        assertThat(received.all)
                .extracting(Received.One::offset)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(received.lost).isEmpty();
        assertThat(received.failure).isNull();
    }

    /** M7: nothing was skipped in a queue that was unknown. */
    @Test
    void anAddedQueueIsReadFromItsStartThoughTheGroupBeganAtTheLatest() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(2).build());
        ask.publish(queue, 0, 5);
        Received received = Received.settlingAll();
        MessageSource source = start(StartPosition.LATEST, received);
        await().until(() -> received.owned.size() == 2);
        ask.publish(queue, 5, 7);
        await().until(() -> received.texts().equals(numbers(5, 7)));
        source.close(CLOSE);
        server.createTopic(RocketAsk.topic(destination), 2);
        ask.publish(ask.queue(destination, 1, 1), 100, 105);
        start(StartPosition.LATEST, received);
        await().until(() -> received.all.size() == 7);
        assertThat(received.texts().subList(2, 7)).isEqualTo(numbers(100, 105));
    }

    /** M8: who goes drains and commits first; who comes waits for the lock. */
    @Test
    void theNextMemberBeginsAfterTheDrainAndBehindItsCommit() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(2).build());
        MessageQueue other = ask.queue(destination, 1, 0);
        ask.publish(queue, 0, 50);
        ask.publish(other, 0, 50);
        CountDownLatch drained = new CountDownLatch(1);
        CountDownLatch draining = new CountDownLatch(1);
        Received first = new Received.Draining(offset -> offset < 20, draining, drained);
        start(StartPosition.EARLIEST, first);
        await().until(() -> first.all.size() == 100);
        Received second = Received.settlingAll();
        start(StartPosition.EARLIEST, second);
        draining.await();
        // Longer than a lock lives that is not renewed.
        await().during(RocketRig.LOCK_EXPIRY.plusSeconds(1))
                .atMost(RocketRig.LOCK_EXPIRY.plusSeconds(60))
                .until(() -> second.all.isEmpty() && second.owned.isEmpty());
        drained.countDown();
        await().until(() -> second.all.size() == 30);
        assertThat(second.texts()).isEqualTo(numbers(20, 50));
        assertThat(first.lost).isEmpty();
        assertThat(first.owned)
                .hasSize(1)
                .doesNotContainKeys(second.owned.keySet().toArray(String[]::new));
    }

    /** M10: what was pulled for the old position belongs to an epoch that is over. */
    @Test
    void aPositionThatAnOperatorSetsIsTakenUnderANewEpoch() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(1).build());
        ask.publish(queue, 0, 40);
        Received received = Received.settlingAll();
        MessageSource source = start(StartPosition.EARLIEST, received);
        await().until(() -> ask.stored(queue, "g") == 40);
        Shard before = received.owned.get("broker-0-0");
        ask.reset(queue, "g");
        // Ends the pull that the broker keeps.
        ask.publish(queue, 40, 41);
        await().until(() -> received.all.size() >= 81);
        assertThat(received.lost).containsExactly(before);
        assertThat(received.texts().subList(40, 81)).isEqualTo(numbers(0, 41));
        assertThat(received.all.subList(40, 81)).extracting(Received.One::shard).doesNotContain(before);
        source.acknowledge(List.of(new Acknowledgement(before, 9, Acknowledgement.NONE, false)));
        await().until(() -> ask.stored(queue, "g") == 41);
        ask.publish(queue, 41, 42);
        await().until(() -> received.texts().get(received.all.size() - 1).equals("41"));
        assertThat(received.all).hasSize(82);
    }

    /** M8, M10: an owner that could not renew its lock has lost it; the broker still answers what it asked as the owner. */
    @Test
    void whatWasAskedBeforeALossIsDropped() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(1).build());
        ask.publish(queue, 0, 5);
        Received received = Received.settlingAll();
        start(StartPosition.EARLIEST, received);
        await().until(() -> ask.stored(queue, "g") == 5);
        Shard before = received.owned.get("broker-0-0");
        server.pauseBroker(0);
        try {
            await().until(() -> received.lost.contains(before));
        } finally {
            server.resumeBroker(0);
        }
        await().until(() -> received.owned.containsKey("broker-0-0"));
        ask.publish(queue, 5, 6);
        await().until(() -> received.texts().contains("5"));
        ask.publish(queue, 6, 7);
        await().until(() -> received.texts().contains("6"));
        assertThat(received.texts()).isEqualTo(numbers(0, 7));
        assertThat(received.all.subList(5, 7)).extracting(Received.One::shard).doesNotContain(before);
    }

    @Test
    void aGroupThatNoBrokerMakesByItselfIsNamedAndCanBeEnsured() throws Exception {
        transport.ensure(DestinationSpec.builder(destination).partitions(2).build());
        ask.publish(queue, 0, 5);
        for (int broker = 0; broker < 2; broker++) {
            server.configure(broker, "autoCreateSubscriptionGroup", false);
        }
        try {
            Received refused = Received.settlingAll();
            start(RocketRig.source(destination, "nobody", StartPosition.EARLIEST, LostPositions.STOP), refused);
            await().until(() -> refused.failure != null);
            assertThat(refused.failure)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("autoCreateSubscriptionGroup")
                    .hasMessageContaining("ensure");
            assertThat(refused.all).isEmpty();

            transport.ensure(DestinationSpec.builder(destination)
                    .partitions(2)
                    .group("somebody")
                    .build());
            Received received = Received.settlingAll();
            start(RocketRig.source(destination, "somebody", StartPosition.EARLIEST, LostPositions.STOP), received);
            await().until(() -> received.all.size() == 5);
        } finally {
            for (int broker = 0; broker < 2; broker++) {
                server.configure(broker, "autoCreateSubscriptionGroup", true);
            }
        }
    }

    private MessageSource start(StartPosition startAt, Received received) {
        return start(spec(startAt, LostPositions.STOP), received);
    }

    private MessageSource start(SourceSpec spec, Received received) {
        MessageSource source = transport.openSource(spec, received);
        received.of(source);
        open.push(source);
        source.start();
        return source;
    }

    private SourceSpec spec(StartPosition startAt, LostPositions onLost) {
        return RocketRig.source(destination, startAt, onLost);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }
}
