package io.oncemq.testkit.kit.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.IdReused;
import io.oncemq.MessagingEvent.PartitionsAssigned;
import io.oncemq.OutboundMessage;
import io.oncemq.RetryPolicy;
import io.oncemq.spi.BrokerTransport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class DuplicatesSuppressed extends Scenario {
    DuplicatesSuppressed(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("P3 a repeated id is handled once in one process")
    final void inOneProcess() {
        String orders = destination(1);
        subscribe(client(), orders).handler(effects.by("only")).start();
        publish(orders, message("1", "a"), message("1", "a"), message("2", "a"));
        awaitHandled("2");
        publish(orders, message("1", "a"), message("2", "a"), message("end", "a"));
        awaitHandled("end");
        assertThat(effects.ids()).containsExactly("1", "2", "end");
        await().untilAsserted(
                        () -> assertThat(events.of(DuplicateSuppressed.class)).hasSizeGreaterThanOrEqualTo(3));
    }

    @Test
    @DisplayName("P3 a repeated id is handled once though another client of the group gets the repeat")
    final void acrossTwoClientsOfOneGroup() {
        String orders = destination(4);
        List<OutboundMessage<String>> messages = IntStream.range(0, 100)
                .mapToObj(n -> message("m" + n, "key-" + n))
                .toList();
        subscribe(client(), orders).handler(effects.by("first")).start();
        publish(orders, messages);
        awaitEffects(100);
        EventLog secondSees = new EventLog();
        subscribe(client(secondSees), orders).handler(effects.by("second")).start();
        untilAssigned(secondSees, orders);
        publish(orders, messages);
        List<OutboundMessage<String>> ends = IntStream.range(0, 100)
                .mapToObj(n -> message("end" + n, "key-" + n))
                .toList();
        publish(orders, ends);
        awaitHandled(ends.stream().map(OutboundMessage::id).toArray(String[]::new));
        assertThat(effects.repeated()).isEmpty();
        await().untilAsserted(() ->
                assertThat(secondSees.of(DuplicateSuppressed.class)).isNotEmpty());
    }

    /** On some brokers a member learns only by a message that it owns a shard. */
    private void untilAssigned(EventLog log, String destination) {
        AtomicInteger probes = new AtomicInteger();
        await().until(() -> {
            int probe = probes.incrementAndGet();
            publish(destination, message("probe" + probe, "key-" + probe));
            return log.of(PartitionsAssigned.class).stream()
                    .anyMatch(assigned -> !assigned.partitions().isEmpty());
        });
    }

    @Test
    @DisplayName("P3 a repeated id is handled once though the consumer was closed and opened in between")
    final void acrossARestart() {
        String orders = destination(1);
        MessagingClient first = client();
        subscribe(first, orders).handler(effects.by("first")).start();
        publish(orders, message("1", "a"), message("2", "a"));
        awaitHandled("1", "2");
        first.close();
        publish(orders, message("1", "a"), message("2", "a"), message("end", "a"));
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitHandled("end");
        assertThat(effects.ids()).containsExactly("1", "2", "end");
    }

    @Test
    @DisplayName("P3 two groups both get everything")
    final void twoGroupsBothGetEverything() {
        String orders = destination(2, "billing", "shipping");
        Effects shipping = new Effects();
        MessagingClient client = client();
        subscribe(client, orders, "billing").handler(effects.by("billing")).start();
        subscribe(client, orders, "shipping").handler(shipping.by("shipping")).start();
        publish(orders, message("1", "a"), message("2", "b"), message("3", "c"));
        awaitEffects(3);
        await().untilAsserted(() -> assertThat(shipping.ids()).containsExactlyInAnyOrder("1", "2", "3"));
        assertThat(effects.ids()).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    @DisplayName("P3 equal ids on two destinations are two messages for one group")
    final void equalIdsOnTwoDestinationsAreTwoMessages() {
        String orders = destination(1);
        String returns = destination(1);
        MessagingClient client = client();
        subscribe(client, orders).handler(effects.by("orders")).start();
        subscribe(client, returns).handler(effects.by("returns")).start();
        publish(orders, message("1", "a"), message("1", "a"), message("end", "a"));
        publish(returns, message("1", "a"), message("1", "a"), message("end", "a"));
        awaitEffects(4);
        await().untilAsserted(() -> assertThat(effects.all())
                .extracting(Effect::consumer, Effect::id)
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple("orders", "1"),
                        org.assertj.core.api.Assertions.tuple("orders", "end"),
                        org.assertj.core.api.Assertions.tuple("returns", "1"),
                        org.assertj.core.api.Assertions.tuple("returns", "end")));
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("S3 destinations and groups whose names look alike when they are joined get their own messages only")
    final void namesThatLookAlikeAreToldApart() {
        String shorter = named("Kit-" + UUID.randomUUID(), 1, "EU.b-c_D");
        String longer = named(shorter + ".EU", 1, "b-c_D");
        MessagingClient client = client();
        Effects others = new Effects();
        failingOnBad(client, shorter, "EU.b-c_D", effects);
        failingOnBad(client, longer, "b-c_D", others);
        publish(
                shorter,
                message("bad", "a", "bad short"),
                message("1", "a", "short"),
                message("end", "a", "end short"));
        publish(longer, message("bad", "a", "bad long"), message("1", "a", "long"), message("end", "a", "end long"));
        awaitHandled("end");
        await().untilAsserted(() -> assertThat(others.ids()).contains("end"));
        assertThat(effects.all()).extracting(Effect::body).containsExactly("short", "end short");
        assertThat(others.all()).extracting(Effect::body).containsExactly("long", "end long");
        assertThat(fixture.readRaw(DestinationSpec.deadLetterName(shorter, "EU.b-c_D")))
                .extracting(RawMessage::text)
                .containsExactly("bad short");
        assertThat(fixture.readRaw(DestinationSpec.deadLetterName(longer, "b-c_D")))
                .extracting(RawMessage::text)
                .containsExactly("bad long");
    }

    private static void failingOnBad(MessagingClient client, String destination, String group, Effects effects) {
        subscribe(client, destination, group)
                .retry(RetryPolicy.none())
                .handler(effects.by(destination, delivery -> {
                    if (delivery.id().equals("bad")) {
                        throw new IllegalStateException("to the dead letters");
                    }
                }))
                .start();
    }

    @Test
    @DisplayName("P3 where a source is set, it is the scope: equal source and id is one message")
    final void equalSourceAndIdIsOneMessage() {
        String orders = destination(1);
        String replicas = destination(1);
        String shop = "/shop/" + orders;
        String mill = "/mill/" + orders;
        MessagingClient client = client();
        publish(orders, message("1", "a").source(shop), message("1", "a").source(mill), message("end1", "a"));
        subscribe(client, orders).handler(effects.by("orders")).start();
        awaitHandled("end1");
        publish(replicas, message("1", "a").source(shop), message("end2", "a"));
        subscribe(client, replicas).handler(effects.by("replicas")).start();
        awaitHandled("end2");
        assertThat(effects.ids()).containsExactly("1", "1", "end1", "end2");
    }

    @Test
    @DisplayName("P3 messages of a foreign producer are distinguished by their place or delivery, not by their body")
    final void foreignMessagesAreToldApartByTheirPlace() {
        String orders = destination(1);
        fixture.publishRaw(orders, RawMessage.foreign("a", "same"));
        fixture.publishRaw(orders, RawMessage.foreign("a", "same"));
        MessagingClient first = client();
        subscribe(first, orders).handler(effects.by("first")).start();
        awaitEffects(2);
        first.close();
        publish(orders, message("end", "a"));
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitHandled("end");
        assertThat(effects.all()).extracting(Effect::body).containsExactly("same", "same", "end");
        assertThat(effects.ids()).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName(
            "S1 foreign ids that are empty, binary or not UTF-8 are distinguished, and each is known when it comes again")
    final void idsOfStrangersAreToldApart() {
        String orders = destination(1);
        String idHeader = idHeader();
        List<byte[]> ids = new ArrayList<>();
        IntStream.range(0, 16)
                .mapToObj(n -> ByteBuffer.allocate(8).putLong(0x7FF8L + n).array())
                .forEach(ids::add);
        for (String hex : List.of("C3", "E282", "FFFE", "C3A9", "EFBFBD", "3F", "EDA080", "00", "20")) {
            ids.add(HexFormat.of().parseHex(hex));
        }
        for (int i = 0; i < ids.size(); i++) {
            fixture.publishRaw(orders, stranger(idHeader, ids.get(i), "id " + i));
            fixture.publishRaw(orders, stranger(idHeader, new byte[0], "empty " + i));
        }
        for (int i = 0; i < ids.size(); i++) {
            fixture.publishRaw(orders, stranger(idHeader, ids.get(i), "id " + i));
        }
        publish(orders, message("end", "a"));
        subscribe(client(), orders).handler(effects.by("only")).start();
        awaitHandled("end");
        assertThat(effects.all().stream().map(Effect::body).toList())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                IntStream.range(0, ids.size()).boxed().flatMap(i -> Stream.of("id " + i, "empty " + i)),
                                Stream.of("end"))
                        .toList());
    }

    private String idHeader() {
        try (BrokerTransport transport = fixture.transport().open("kit-names")) {
            return transport.cloudEventsPrefix() + "id";
        }
    }

    private static RawMessage stranger(String idHeader, byte[] id, String body) {
        return new RawMessage("a", Headers.builder().add(idHeader, id).build(), body.getBytes(UTF_8));
    }

    @Test
    @DisplayName("another payload under a known id is suppressed and reported")
    final void otherPayloadUnderAKnownIdIsReported() {
        String orders = destination(1);
        subscribe(client(), orders).handler(effects.by("only")).start();
        publish(orders, message("1", "a", "ten euros"));
        awaitHandled("1");
        publish(orders, message("1", "a", "two euros"), message("end", "a"));
        awaitHandled("end");
        assertThat(effects.all()).extracting(Effect::body).containsExactly("ten euros", "end");
        await().untilAsserted(() ->
                assertThat(events.of(IdReused.class)).extracting(IdReused::id).containsOnly("1"));
    }
}
