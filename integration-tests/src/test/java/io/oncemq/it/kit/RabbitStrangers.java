package io.oncemq.it.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.impl.LongStringHelper;
import io.oncemq.testkit.kit.transport.Stranger;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a producer of RabbitMQ's own client can write: a table with values of every type, and every property. */
final class RabbitStrangers {
    private static final byte[] NOT_TEXT = HexFormat.of().parseHex("00ff80c328");
    private static final long CONFIRM_MILLIS = 20_000;

    private final Channel channel;
    private final String destination;
    private final List<Stranger> sent = new ArrayList<>();

    private RabbitStrangers(Channel channel, String destination) {
        this.channel = channel;
        this.destination = destination;
    }

    /** To a destination of one shard. */
    static List<Stranger> publish(Channel channel, String destination)
            throws IOException, InterruptedException, TimeoutException {
        RabbitStrangers strangers = new RabbitStrangers(channel, destination);
        channel.confirmSelect();
        strangers.types();
        strangers.names();
        strangers.properties();
        channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
        return strangers.sent;
    }

    private void types() throws IOException {
        for (Map.Entry<String, Object> each : odd().entrySet()) {
            add("table " + each.getKey(), "odd", each.getValue());
        }
        add("table null", "odd", null);
        Map<String, Object> texts = new LinkedHashMap<>(Map.of("Odd.na-me_1", "Zürich", "a number", 17, "truth", true));
        publish(
                Stranger.handled("table text", Map.of("Odd.na-me_1", "Zürich", "a number", "17", "truth", "true")),
                texts,
                properties -> properties);
    }

    private static Map<String, Object> odd() {
        Map<String, Object> odd = new LinkedHashMap<>();
        odd.put("truth", false);
        odd.put("byte", (byte) -7);
        odd.put("short", (short) 300);
        odd.put("int", 70_000);
        odd.put("long", 1L << 40);
        odd.put("float", 1.5f);
        // Not NaN: the server knows none, and closes the connection.
        odd.put("double", -0.25);
        odd.put("decimal", new BigDecimal("-12.345"));
        odd.put("time", new Date(0));
        odd.put("bytes", NOT_TEXT);
        odd.put("no text", LongStringHelper.asLongString(NOT_TEXT));
        odd.put("empty", "");
        odd.put("array", Arrays.asList(1, null, "two", List.of(3L, List.of()), Map.of("four", NOT_TEXT)));
        odd.put("empty array", List.of());
        odd.put("table", Map.of("a", Map.of("b", Map.of("c", List.of(new BigDecimal("1.0"))))));
        odd.put("empty table", Map.of());
        return odd;
    }

    /** Names that mean something to OnceMQ or the broker, with values of each type. */
    private void names() throws IOException {
        List<String> known = List.of(
                "cloudEvents:source",
                "cloudEvents:type",
                "cloudEvents:time",
                "content-type",
                "traceparent",
                "oncemq-key",
                "oncemq-tombstone",
                "oncemq-scope",
                "oncemq-generation",
                "oncemq-publish-sequence",
                "oncemq-dead-letter-destination",
                "x-death",
                "x-delivery-count",
                "x-first-death-queue",
                "x-stream-offset",
                "x-delay",
                "");
        for (String name : known) {
            for (Map.Entry<String, Object> each : odd().entrySet()) {
                add("'" + name + "' of type " + each.getKey(), name, each.getValue());
            }
            add("'" + name + "' null", name, null);
        }
    }

    private void properties() throws IOException {
        add("no properties but these", properties -> properties);
        add("transient", properties -> properties.deliveryMode(1));
        add("an odd delivery mode", properties -> properties.deliveryMode(77));
        add("priority", properties -> properties.priority(200));
        add("time", properties -> properties.timestamp(new Date(Long.MAX_VALUE)));
        add("expiration", properties -> properties.expiration("3600000"));
        add("empty id", properties -> properties.messageId(""));
        add("long id", properties -> properties.messageId("i".repeat(255)));
        add("content", properties -> properties.contentType("").contentEncoding("gzip"));
        add("type", properties -> properties.type("\u0000\u0001").appId("").clusterId("c"));
        add("reply", properties -> properties.replyTo("amq.rabbitmq.reply").correlationId(""));
    }

    private void add(String name, String header, @Nullable Object value) throws IOException {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put(header, value);
        publish(Stranger.handled(name), table, properties -> properties);
    }

    private void add(String name, UnaryOperator<BasicProperties.Builder> more) throws IOException {
        publish(Stranger.handled(name), new LinkedHashMap<>(), more);
    }

    private void publish(Stranger stranger, Map<String, Object> table, UnaryOperator<BasicProperties.Builder> more)
            throws IOException {
        table.put(Stranger.NAME, stranger.name());
        BasicProperties properties = more.apply(
                        new BasicProperties.Builder().deliveryMode(2).headers(table))
                .build();
        channel.basicPublish(
                destination, "0/1", true, properties, stranger.name().getBytes(UTF_8));
        sent.add(stranger);
    }
}
