package io.oncemq.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.impl.AMQBasicProperties;
import com.rabbitmq.client.impl.ContentHeaderPropertyWriter;
import io.oncemq.Headers;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SendOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RabbitRecordsTest {
    private static final long NOW = Instant.parse("2031-05-01T10:00:00Z").toEpochMilli();

    @Test
    void everythingComesBackAsItWent() throws IOException {
        Headers headers = Headers.builder()
                .add("cloudEvents_id", "e-1")
                .add("content-type", "application/json")
                .add("blob", new byte[] {0, -1, 7})
                .add("empty", "")
                .build();
        InboundMessage back = roundTrip(frame("e-1", "kunde-ü", headers, "{}".getBytes(UTF_8)));
        assertThat(back.key()).isEqualTo("kunde-ü");
        assertThat(back.nativeId()).isEqualTo("e-1");
        assertThat(back.body()).isEqualTo("{}".getBytes(UTF_8));
        assertThat(back.timestampMillis()).isEqualTo(NOW);
        assertThat(back.headers().names()).containsExactlyInAnyOrderElementsOf(headers.names());
        headers.forEach(
                (name, value) -> assertThat(back.headers().bytes(name)).as(name).isEqualTo(value));
    }

    @Test
    void severalValuesOfOneNameKeepTheirOrder() throws IOException {
        Headers headers = Headers.builder()
                .add("tag", "1")
                .add("other", "x")
                .add("tag", "2")
                .add("tag", "3")
                .build();
        InboundMessage back = roundTrip(frame("e-1", null, headers, new byte[0]));
        assertThat(all(back.headers(), "tag")).containsExactly("1", "2", "3");
        assertThat(back.headers().text("other")).isEqualTo("x");
    }

    @Test
    void aTombstoneIsToldFromAnEmptyBody() throws IOException {
        assertThat(roundTrip(frame("e-1", "a", Headers.empty(), null)).body()).isNull();
        assertThat(roundTrip(frame("e-1", "a", Headers.empty(), new byte[0])).body())
                .isEmpty();
    }

    @Test
    void aKeyIsBytesAndTextStaysReadable() throws IOException {
        byte[] raw = {'a', -1, 0, -128};
        InboundMessage back = roundTrip(frame("e-1", KeyBytes.text(raw), Headers.empty(), new byte[0]));
        assertThat(KeyBytes.of(String.valueOf(back.key()))).isEqualTo(raw);
        Map<String, Object> table = RabbitRecords.outbound(frame("e-1", "plain", Headers.empty(), null), 1, NOW)
                .getHeaders();
        assertThat(table.get("oncemq-key")).hasToString("plain");
        assertThat(roundTrip(frame("e-1", null, Headers.empty(), null)).key()).isNull();
    }

    @Test
    void theSequenceComesBackWithAReturnAndIsNotPassedOn() throws IOException {
        OutboundFrame frame = frame("e-1", "a", Headers.empty(), new byte[0]);
        assertThat(RabbitRecords.sequence(overTheWire(RabbitRecords.outbound(frame, 4711, NOW))))
                .isEqualTo(4711);
        assertThat(roundTrip(frame).headers().names()).isEmpty();
        assertThat(RabbitRecords.sequence(new BasicProperties())).isEqualTo(-1);
    }

    @Test
    void aHeaderThatTheBrokerWouldTakeForAnInstructionIsJustAHeader() throws IOException {
        Headers headers = Headers.builder()
                .add("CC", "1/4")
                .add("BCC", "x")
                .add("BCC", "y")
                .build();
        OutboundFrame frame = frame("e-1", "a", headers, new byte[0]);
        assertThat(RabbitRecords.outbound(frame, 1, NOW).getHeaders()).doesNotContainKeys("CC", "BCC");
        InboundMessage back = roundTrip(frame);
        assertThat(back.headers().text("CC")).isEqualTo("1/4");
        assertThat(all(back.headers(), "BCC")).containsExactly("x", "y");
    }

    @Test
    void whatTheBrokerSaysOfAMessageIsReadAndNeverRepeatedAsOurs() throws IOException {
        Map<String, Object> table = Map.of("x-delivery-count", 2L, "tenant", "north");
        InboundMessage in = inbound(new BasicProperties.Builder().headers(table).build(), new byte[0]);
        assertThat(in.headers().text("x-delivery-count")).isEqualTo("2");
        InboundMessage again = roundTrip(frame("e-1", null, in.headers(), new byte[0]));
        assertThat(again.headers().names()).containsExactly("tenant");
    }

    @Test
    void aMessageWhoseDelayIsOverLooksAsItWasPublished() throws IOException {
        InboundMessage in = dead("orders", List.of(died("orders.delay.5000", "orders.delay.5000")));
        assertThat(in.headers().names()).containsExactly("tenant");
        assertThat(in.headers().text("tenant")).isEqualTo("north");
    }

    @Test
    void whatTheServerPutAmongTheDeadLettersOfAGroupTellsWhereItComesFrom() throws IOException {
        Headers headers = dead("a.b.c.dlq", List.of(died("a.b.c.0", "a.b"), died("a.b.delay.5", "a.b.delay.5")))
                .headers();
        assertThat(headers.text("oncemq-dead-letter-reason")).isEqualTo("expired");
        assertThat(headers.text("oncemq-dead-letter-destination")).isEqualTo("a.b");
        assertThat(headers.text("oncemq-dead-letter-group")).isEqualTo("c");
        assertThat(headers.text("oncemq-dead-letter-id")).isEqualTo("e-1");
        assertThat(headers.text("oncemq-dead-letter-time")).isEqualTo("2031-05-01T10:00:00Z");
        assertThat(headers.text("tenant")).isEqualTo("north");
        assertThat(headers.names()).noneMatch(name -> name.startsWith("x-"));
    }

    @Test
    void anEarlierTimeAmongTheDeadLettersIsForgotten() throws IOException {
        Map<String, Object> table = Map.of(
                "oncemq-dead-letter-cause",
                "java.lang.Exception",
                "oncemq-dead-letter-reason",
                "not-retryable",
                "x-death",
                List.of(died("orders.billing.0", "orders")));
        BasicProperties properties =
                new BasicProperties.Builder().headers(table).build();
        Headers headers = RabbitRecords.inbound(
                        new Envelope(9, true, "orders.billing.dlq", "0/1"), overTheWire(properties), new byte[0])
                .headers();
        assertThat(headers.text("oncemq-dead-letter-reason")).isEqualTo("expired");
        assertThat(headers.contains("oncemq-dead-letter-cause")).isFalse();
    }

    private static Map<String, Object> died(String queue, String exchange) {
        return Map.of("queue", queue, "exchange", exchange, "reason", "expired", "count", 1L, "time", new Date(NOW));
    }

    private static InboundMessage dead(String exchange, List<Map<String, Object>> deaths) throws IOException {
        Map<String, Object> table = Map.of(
                "x-death", deaths, "x-first-death-queue", "q", "x-last-death-reason", "expired", "tenant", "north");
        BasicProperties properties =
                new BasicProperties.Builder().messageId("e-1").headers(table).build();
        return RabbitRecords.inbound(new Envelope(9, true, exchange, "0/1"), overTheWire(properties), new byte[0]);
    }

    @Test
    void onlyWhatIsAskedForGoesIntoTheProperties() {
        SendOptions options = new SendOptions(null, Duration.ofMillis(1500), 7);
        OutboundFrame asking = new OutboundFrame("orders", "e-1", null, 0, Headers.empty(), null, 0, options);
        BasicProperties properties = RabbitRecords.outbound(asking, 1, NOW);
        assertThat(properties.getExpiration()).isEqualTo("1500");
        assertThat(properties.getPriority()).isEqualTo(7);
        BasicProperties plain = RabbitRecords.outbound(frame("e-1", null, Headers.empty(), null), 1, NOW);
        assertThat(plain.getExpiration()).isNull();
        assertThat(plain.getPriority()).isNull();
    }

    @Test
    void headersOfOtherProgramsBecomeText() throws IOException {
        Map<String, Object> table = Map.of(
                "int",
                7,
                "flag",
                true,
                "time",
                new Date(NOW),
                "raw",
                new byte[] {1, -2},
                "list",
                List.of("a", 2),
                "long",
                1L << 40);
        Headers headers = inbound(
                        new BasicProperties.Builder()
                                .contentType("text/plain")
                                .headers(table)
                                .build(),
                        new byte[0])
                .headers();
        assertThat(headers.text("int")).isEqualTo("7");
        assertThat(headers.text("flag")).isEqualTo("true");
        assertThat(headers.text("time")).isEqualTo("2031-05-01T10:00:00Z");
        assertThat(headers.bytes("raw")).containsExactly(1, -2);
        assertThat(all(headers, "list")).containsExactly("a", "2");
        assertThat(headers.text("long")).isEqualTo("1099511627776");
        assertThat(headers.text("content-type")).isEqualTo("text/plain");
    }

    @Test
    void aMessageWithoutAnythingIsRead() throws IOException {
        InboundMessage in = inbound(new BasicProperties(), new byte[] {1, 2, 3});
        assertThat(in.tag()).isEqualTo(9);
        assertThat(in.offset()).isEqualTo(-1);
        assertThat(in.key()).isNull();
        assertThat(in.nativeId()).isNull();
        assertThat(in.redelivered()).isTrue();
        assertThat(in.size()).isEqualTo(3);
    }

    @Test
    void messagesAreKeptOnDiskAndAnIdThatIsTooLongForThePropertyStaysInTheHeaders() {
        BasicProperties properties = RabbitRecords.outbound(frame("ü".repeat(200), "a", Headers.empty(), null), 1, NOW);
        assertThat(properties.getDeliveryMode()).isEqualTo(2);
        assertThat(properties.getMessageId()).isNull();
    }

    private static OutboundFrame frame(String id, @Nullable String key, Headers headers, byte @Nullable [] body) {
        return new OutboundFrame("orders", id, key, 0, headers, body, 0);
    }

    private static InboundMessage roundTrip(OutboundFrame frame) throws IOException {
        return inbound(RabbitRecords.outbound(frame, 1, NOW), RabbitRecords.body(frame));
    }

    private static InboundMessage inbound(BasicProperties properties, byte[] body) throws IOException {
        return RabbitRecords.inbound(new Envelope(9, true, "orders", "0/1"), overTheWire(properties), body);
    }

    /** As the client's own reader and writer leave them. */
    private static BasicProperties overTheWire(BasicProperties properties) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(0);
        out.writeLong(0);
        ((AMQBasicProperties) properties).writePropertiesTo(new ContentHeaderPropertyWriter(out));
        return new BasicProperties(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    private static List<String> all(Headers headers, String name) {
        return java.util.stream.IntStream.range(0, headers.size())
                .filter(i -> headers.name(i).equals(name))
                .mapToObj(i -> new String(headers.value(i), UTF_8))
                .toList();
    }
}
