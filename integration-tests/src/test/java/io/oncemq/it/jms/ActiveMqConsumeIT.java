package io.oncemq.it.jms;

import static io.oncemq.it.jms.ActiveMqRig.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Finding;
import io.oncemq.Headers;
import io.oncemq.Ordering;
import io.oncemq.it.SentOutcomes;
import io.oncemq.jms.ActiveMq;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.server.ActiveMqServer;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.command.ActiveMQQueue;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A3 to A5 on Classic: what a source acknowledges, what it gives back, and what the broker must be set to. */
class ActiveMqConsumeIT {
    private static final Duration CLOSE = Duration.ofSeconds(20);

    private final BrokerTransport transport = ActiveMqRig.activeMq().open("consume-it");
    private final String destination = ActiveMqRig.destination(transport);

    @AfterEach
    void close() {
        ActiveMqRig.proxy().restore();
        transport.close();
    }

    /** Who asks Classic for a queue creates it. */
    @Test
    void connectingAndLookingLeaveNoQueueBehind() throws JMSException {
        String unknown = "unknown-" + UUID.randomUUID();
        try (ActiveMQConnection watching = (ActiveMQConnection)
                new ActiveMQConnectionFactory(ActiveMqRig.server().uri()).createConnection()) {
            watching.start();
            Set<ActiveMQQueue> queues = watching.getDestinationSource().getQueues();
            try (BrokerTransport other = ActiveMqRig.activeMq().open("looking")) {
                other.ping();
                assertThat(other.exists(unknown)).isFalse();
                assertThat(other.hasGroup(unknown, "g")).isFalse();
                assertThat(other.preflight(unknown).findings()).hasSize(1);
                SentOutcomes outcomes = new SentOutcomes();
                try (PublishSession session = other.openPublishSession(outcomes)) {
                    session.send(frame(unknown, "k", "x"), "nowhere");
                    await().until(() -> outcomes.rejected.containsKey("nowhere"));
                }
            }
            String after = "after-all-" + UUID.randomUUID();
            ActiveMqRig.raw().call(session -> session.createConsumer(session.createQueue(after)));
            await().until(() -> queues.contains(new ActiveMQQueue(after)));
            assertThat(queues)
                    .extracting(ActiveMQQueue::getPhysicalName)
                    .noneMatch(name -> name.contains(unknown) || name.contains("probe") || name.contains("ping"));
        }
    }

    /** JMS's own acknowledgement by the client would take all that the session has received (A3). */
    @Test
    void acknowledgesExactlyWhatIsSettledAndGivesTheRestBackInOrder() {
        publish(IntStream.range(0, 100).mapToObj(Integer::toString).toList());
        Received odd = Received.settling(text -> Integer.parseInt(text) % 2 == 1);
        MessageSource first = start(odd, Ordering.PER_KEY);
        await().until(() -> odd.messages.size() == 100 && waiting() == 50);
        first.close(CLOSE);
        assertThat(odd.revoked).isEqualTo(odd.assigned);
        Received rest = Received.settling(text -> true);
        MessageSource second = start(rest, Ordering.PER_KEY);
        await().until(() -> waiting() == 0);
        second.close(CLOSE);
        assertThat(rest.texts())
                .containsExactlyElementsOf(IntStream.range(0, 50)
                        .mapToObj(i -> Integer.toString(2 * i))
                        .toList());
    }

    @Test
    void whatIsSettledLastDoesNotComeBackAfterAClose() {
        for (int round = 0; round < 5; round++) {
            publish(IntStream.range(0, 200).mapToObj(Integer::toString).toList());
            Received all = Received.settling(text -> true);
            MessageSource source = start(all, Ordering.PER_KEY);
            await().until(() -> all.messages.size() == 200);
            source.close(CLOSE);
            // The broker counts a message until its acknowledgement is on the disk; one that came back would stay.
            await().until(() -> waiting() == 0);
        }
    }

    @Test
    void anAcknowledgementOfAnEarlierEpochIsDropped() {
        publish(List.of("one"));
        Received received = Received.settling(text -> false);
        MessageSource source = start(received, Ordering.PER_KEY);
        await().until(() -> received.messages.size() == 1);
        ActiveMqRig.proxy().reset();
        await().until(() -> received.messages.size() == 2);
        assertThat(received.lost).containsExactly(received.assigned.get(0));
        assertThat(received.messages.get(1).redelivered()).isTrue();
        source.acknowledge(List.of(new Acknowledgement(received.assigned.get(0), 1, Acknowledgement.NONE, true)));
        source.close(CLOSE);
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void membersOfAGroupWithoutOrderCompete() {
        String loose = destination + ".loose";
        transport.ensure(
                DestinationSpec.builder(loose).group("g", Ordering.UNORDERED).build());
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> transport.openSource(
                        ActiveMqRig.spec(loose, Ordering.PER_KEY), Received.settling(text -> true)))
                .withMessageContaining("without order");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> transport.ensure(
                        DestinationSpec.builder(loose).group("g").build()))
                .withMessageContaining("without order");
        Received one = Received.settling(text -> false);
        Received other = Received.settling(text -> false);
        open(loose, one, Ordering.UNORDERED);
        open(loose, other, Ordering.UNORDERED);
        await().until(() -> !one.assigned.isEmpty() && !other.assigned.isEmpty());
        SentOutcomes outcomes = new SentOutcomes();
        try (PublishSession session = transport.openPublishSession(outcomes)) {
            for (int i = 0; i < 20; i++) {
                session.send(frame(loose, "same key", "x"), i);
            }
            await().until(() -> one.messages.size() + other.messages.size() == 20);
        }
        assertThat(one.messages).isNotEmpty();
        assertThat(other.messages).isNotEmpty();
    }

    /** A queue that a refused ensure left would fill, since it is not read. */
    @Test
    void anotherNumberOfShardsIsRefusedAndLeavesNothingBehind() {
        String sharded = destination + ".sharded";
        transport.ensure(
                DestinationSpec.builder(sharded).partitions(3).group("g").build());
        transport.ensure(
                DestinationSpec.builder(sharded).partitions(3).group("g").build());
        for (int partitions : List.of(2, 4)) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> transport.ensure(DestinationSpec.builder(sharded)
                            .partitions(partitions)
                            .group("g")
                            .build()))
                    .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("DestinationSpec.partitions"));
        }
        assertThat(ActiveMqRig.raw().marks(sharded, "g", 4)).containsExactly(1, 1, 1, 0);
    }

    @Test
    void headersKeysAndBodiesComeBackAsTheyWere() {
        Headers headers = Headers.builder()
                .add("oncemq-scope", "a scope")
                .add("a.b-c_d", "é€😀")
                .add("nul", "a\0b")
                .add("x", "")
                .add("x", "second")
                .add("not an identifier", "1")
                .add("JMSType", "2")
                .add("null", "3")
                .add("raw", new byte[] {(byte) 0xC3, 0x28, 0})
                .build();
        SentOutcomes outcomes = new SentOutcomes();
        Received received = Received.settling(text -> true);
        try (PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(frame(destination, "\uDCFFkey", "body".getBytes(UTF_8), headers, null), 1);
            session.send(frame(destination, "plain", null, Headers.empty(), null), 2);
            session.send(frame(destination, null, new byte[300_000], Headers.empty(), null), 3);
            session.send(frame(destination, "plain", new byte[0], Headers.empty(), null), 4);
            session.send(frame(destination, "smile 😀", "5"), 5);
            await().until(() -> outcomes.confirmed.size() == 5);
        }
        start(received, Ordering.PER_KEY);
        await().until(() -> received.messages.size() == 5);
        assertThat(byKey(received, "smile 😀")).hasSize(1);
        InboundMessage first = byKey(received, "\uDCFFkey").get(0);
        assertThat(first.nativeId()).startsWith("ID:");
        for (String name :
                Set.of("oncemq-scope", "a.b-c_d", "not an identifier", "JMSType", "null", "nul", "raw", "x")) {
            assertThat(values(first.headers(), name))
                    .as(name)
                    .isNotEmpty()
                    .containsExactlyElementsOf(values(headers, name));
        }
        assertThat(byKey(received, "plain")).extracting(InboundMessage::body).containsExactly(null, new byte[0]);
        assertThat(byKey(received, null))
                .singleElement()
                .satisfies(large -> assertThat(large.body()).hasSize(300_000));
    }

    private static List<InboundMessage> byKey(Received received, @Nullable String key) {
        return received.messages.stream()
                .filter(each -> Objects.equals(each.key(), key))
                .toList();
    }

    /** Six times would be enough for the client's own consumers to send it to ActiveMQ.DLQ (A5). */
    @Test
    void whatComesBackOftenStaysWhereItIs() {
        publish(List.of("one"));
        Received received = Received.settling(text -> false);
        MessageSource source = start(received, Ordering.PER_KEY);
        for (int times = 1; times <= 10; times++) {
            int seen = times;
            await().until(() -> received.messages.size() >= seen);
            ActiveMqRig.proxy().reset();
        }
        source.close(CLOSE);
        assertThat(waiting()).isEqualTo(1);
        assertThat(ActiveMqRig.raw().waiting("ActiveMQ.DLQ")).isEmpty();
    }

    /** The broker puts messages that a consumer gives back after those that an earlier one gave back and that were not fetched since. */
    @Test
    void keepsTheOrderThoughMembersComeAndGoWithABacklog() {
        publish(IntStream.range(0, 300).mapToObj(Integer::toString).toList());
        for (int round = 0; round < 4; round++) {
            Received none = Received.settling(text -> false);
            MessageSource source = start(none, Ordering.PER_KEY);
            await().until(() -> none.messages.size() == 99);
            source.close(CLOSE);
        }
        Received all = Received.settling(text -> true);
        MessageSource last = start(all, Ordering.PER_KEY);
        await().until(() -> all.messages.size() == 300);
        last.close(CLOSE);
        assertThat(all.texts())
                .containsExactlyElementsOf(
                        IntStream.range(0, 300).mapToObj(Integer::toString).toList());
    }

    /** The mark of a queue tells its owner, so that also shards where nothing happens are shared (A4). */
    @Test
    void threeMembersShareTheShardsOfADestinationWithoutMessages() {
        String sharded = destination + ".shared";
        transport.ensure(
                DestinationSpec.builder(sharded).partitions(8).group("g").build());
        List<Received> members = new ArrayList<>();
        for (int member = 0; member < 3; member++) {
            Received received = Received.settling(text -> true);
            members.add(received);
            open(sharded, received, Ordering.PER_KEY);
        }
        await().during(Duration.ofSeconds(2))
                .until(() -> members.stream().mapToInt(ActiveMqConsumeIT::owned).sum() == 8
                        && members.stream().allMatch(each -> owned(each) >= 1));
    }

    private static int owned(Received member) {
        return member.assigned.size() - member.revoked.size() - member.lost.size();
    }

    @Test
    void saysWhatOnlyJmxWouldTell() {
        assertThat(transport.preflight())
                .extracting(Finding::setting)
                .containsExactly("persistent", "journalDiskSyncStrategy");
        assertThat(transport.preflight()).extracting(Finding::severity).containsOnly(Finding.Severity.UNCHECKED);
        assertThat(transport.preflight(destination).findings()).isEmpty();
        assertThat(transport.preflight(destination + ".missing").findings())
                .extracting(Finding::setting)
                .containsExactly("existence");
    }

    /** A broker without a scheduler ignores a delay, and one without virtual topics confirms messages that reach no queue. */
    @Test
    void findsOutWhatTheBrokerLacks() {
        assertThat(transport.capabilities().supports(Feature.DELAYED_DELIVERY)).isTrue();
        try (ActiveMqServer lacking =
                ActiveMqServer.builder().broker("schedulerSupport", false).build()) {
            lacking.start();
            try (BrokerTransport other =
                    ActiveMq.at("127.0.0.1:" + lacking.port()).open("lacking")) {
                assertThat(other.capabilities().supports(Feature.DELAYED_DELIVERY))
                        .isFalse();
            }
        }
        try (ActiveMqServer lacking =
                ActiveMqServer.builder().broker("useVirtualTopics", false).build()) {
            lacking.start();
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> ActiveMq.at("127.0.0.1:" + lacking.port()).open("lacking"))
                    .withMessageContaining("virtual topics");
        }
    }

    private static List<String> values(Headers headers, String name) {
        List<String> values = new ArrayList<>();
        headers.forEach((each, value) -> {
            if (each.equals(name)) {
                values.add(HexFormat.of().formatHex(value));
            }
        });
        return values;
    }

    private void publish(List<String> bodies) {
        SentOutcomes outcomes = new SentOutcomes();
        try (PublishSession session = transport.openPublishSession(outcomes)) {
            bodies.forEach(body -> session.send(frame(destination, "k", body), body));
            await().until(() -> outcomes.confirmed.size() == bodies.size());
        }
    }

    private MessageSource start(Received received, Ordering ordering) {
        return open(destination, received, ordering);
    }

    private MessageSource open(String name, Received received, Ordering ordering) {
        MessageSource source = transport.openSource(ActiveMqRig.spec(name, ordering), received);
        received.of(source);
        source.start();
        return source;
    }

    private int waiting() {
        return ActiveMqRig.raw().waiting(ActiveMqRig.queue(destination)).size();
    }

    /** The broker waits for its disk message by message. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(5));
    }
}
