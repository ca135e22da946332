package io.oncemq.it.jms;

import static io.oncemq.it.jms.ArtemisRig.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.Backlog;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.Headers;
import io.oncemq.Ordering;
import io.oncemq.it.SentOutcomes;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientRequestor;
import org.apache.activemq.artemis.api.core.management.ManagementHelper;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A3 to A5: what a source acknowledges, what it gives back, and what the broker must be set to. */
class ArtemisConsumeIT {
    private static final Duration CLOSE = Duration.ofSeconds(20);

    private final BrokerTransport transport = ArtemisRig.artemis().open("consume-it");
    private final String destination = ArtemisRig.destination(transport);

    @AfterEach
    void close() {
        ArtemisRig.proxy().restore();
        transport.close();
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
        ArtemisRig.proxy().reset();
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
                .isThrownBy(() ->
                        transport.openSource(ArtemisRig.spec(loose, Ordering.PER_KEY), Received.settling(text -> true)))
                .withMessageContaining("without order");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> transport.ensure(
                        DestinationSpec.builder(loose).group("g").build()))
                .withMessageContaining("without order");
        Received one = Received.settling(text -> false);
        Received other = Received.settling(text -> false);
        open(loose, one, Ordering.UNORDERED);
        open(loose, other, Ordering.UNORDERED);
        await().until(() -> ArtemisRig.raw().consumers(loose + "/g") == 2);
        AtomicInteger sent = new AtomicInteger();
        try (PublishSession session = transport.openPublishSession(new SentOutcomes())) {
            // A consumer is counted before it receives; until it does, the other one gets all.
            await().until(() -> {
                session.send(frame(loose, "same key", "x"), sent.incrementAndGet());
                return !one.messages.isEmpty() && !other.messages.isEmpty();
            });
            await().until(() -> one.messages.size() + other.messages.size() == sent.get());
        }
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
        assertThat(transport.backlog(sharded, "g"))
                .extracting(Backlog::partition)
                .containsExactly(sharded + "/g/0", sharded + "/g/1", sharded + "/g/2");
        assertThat(ArtemisRig.raw().exists(sharded + "/g/3")).isFalse();
    }

    @Test
    void headersKeysAndBodiesComeBackAsTheyWere() {
        Headers headers = Headers.builder()
                .add("oncemq-scope", "a scope")
                .add("a.b-c_d", "é€😀")
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
            await().until(() -> outcomes.confirmed.size() == 4);
        }
        start(received, Ordering.PER_KEY);
        await().until(() -> received.messages.size() == 4);
        InboundMessage first = byKey(received, "\uDCFFkey").get(0);
        assertThat(first.nativeId()).startsWith("ID:");
        for (String name : Set.of("oncemq-scope", "a.b-c_d", "not an identifier", "JMSType", "null", "raw", "x")) {
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

    /** Artemis drops what was delivered too often where it has no address for it, and a delay lets others overtake (A5). */
    @Test
    void namesTheSettingsThatLoseOrReorderMessages() {
        assertThat(transport.preflight()).isEmpty();
        assertThat(transport.preflight(destination).findings())
                .extracting(Finding::setting)
                .containsExactly("max-delivery-attempts");
        assertThat(transport.preflight(destination).findings())
                .extracting(Finding::severity)
                .containsExactly(Finding.Severity.ADVICE);
        setAddress(
                destination,
                "{\"DLA\":\"\",\"addressFullMessagePolicy\":\"DROP\",\"deadLetterAddress\":\"\","
                        + "\"redeliveryDelay\":100,\"maxDeliveryAttempts\":3}");
        assertThat(transport.preflight(destination).findings())
                .filteredOn(finding -> finding.severity() == Finding.Severity.VIOLATION)
                .extracting(Finding::setting)
                .containsExactly("address-full-policy", "dead-letter-address", "redelivery-delay");
        assertThat(transport.preflight(destination + ".missing").findings())
                .extracting(Finding::setting)
                .contains("existence");
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

    private static void setAddress(String address, String json) {
        ArtemisRig.raw().call(session -> {
            ClientMessage request = session.getCoreSession().createMessage(false);
            try (ClientRequestor requestor = new ClientRequestor(session.getCoreSession(), "activemq.management")) {
                ManagementHelper.putOperationInvocation(
                        request, ResourceNames.BROKER, "addAddressSettings", address, json);
                ClientMessage reply = requestor.request(request, 20_000);
                assertThat(ManagementHelper.hasOperationSucceeded(reply))
                        .as(String.valueOf(ManagementHelper.getResult(reply)))
                        .isTrue();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return true;
        });
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
        MessageSource source = transport.openSource(ArtemisRig.spec(name, ordering), received);
        received.of(source);
        source.start();
        return source;
    }

    private long waiting() {
        return ArtemisRig.raw().messages(ArtemisRig.queue(destination));
    }
}
