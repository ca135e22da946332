package io.oncemq.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.LongStringHelper;
import io.oncemq.Headers;
import io.oncemq.core.WireHeaders;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SendOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Messages to what AMQP 0-9-1 carries, and back. A header is a long string, which takes any bytes; a name with several values is an array
 * of them, so that values keep their order and names need not. The order of different names is not kept.
 */
final class RabbitRecords {
    /** The ordering key, as {@link KeyBytes}. */
    static final String KEY = "oncemq-key";

    /** Says that there is no body, which AMQP cannot tell from an empty one. */
    static final String TOMBSTONE = "oncemq-tombstone";

    /** What number a message has in its publishing session: a returned message carries no other that its confirm would carry too. */
    static final String SEQUENCE = "oncemq-publish-sequence";

    /** The place of a message in a stream, which the broker adds. */
    static final String STREAM_OFFSET = "x-stream-offset";

    /** Stands before the name of a header of the application that the broker would take for an instruction. */
    static final String ESCAPE = "oncemq-plain-";

    /** The broker would send a copy to each routing key that these name, and closes the channel if they are no array. */
    private static final Set<String> INSTRUCTIONS = Set.of("CC", "BCC");

    private static final int PERSISTENT = 2;
    private static final int SHORT_STRING = 255;
    private static final byte[] NO_BODY = new byte[0];

    private RabbitRecords() {}

    /** @param sequence what {@link #sequence} gives back when the broker returns the message */
    static BasicProperties outbound(OutboundFrame frame, long sequence, long nowMillis) {
        Map<String, Object> table = new LinkedHashMap<>();
        Headers headers = frame.headers();
        String contentType = null;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            byte[] value = headers.value(i);
            if (contentType == null && name.equals(WireHeaders.CONTENT_TYPE) && isShortText(value)) {
                contentType = new String(value, UTF_8);
            } else if (!isMadeByBroker(name) && !isOurs(name)) {
                put(table, isInstruction(name) ? ESCAPE + name : name, LongStringHelper.asLongString(value));
            }
        }
        String key = frame.key();
        if (key != null) {
            table.put(KEY, LongStringHelper.asLongString(KeyBytes.of(key)));
        }
        if (frame.body() == null) {
            table.put(TOMBSTONE, Boolean.TRUE);
        }
        table.put(SEQUENCE, sequence);
        BasicProperties.Builder properties = new BasicProperties.Builder()
                .deliveryMode(PERSISTENT)
                .timestamp(new Date(nowMillis))
                .headers(table);
        if (frame.id().getBytes(UTF_8).length <= SHORT_STRING) {
            properties.messageId(frame.id());
        }
        if (contentType != null) {
            properties.contentType(contentType);
        }
        SendOptions options = frame.options();
        if (options != null) {
            ask(options, properties);
        }
        return properties.build();
    }

    /** A delay is a matter of the exchange, not of the message. */
    private static void ask(SendOptions options, BasicProperties.Builder properties) {
        Duration timeToLive = options.timeToLive();
        if (timeToLive != null) {
            properties.expiration(Long.toString(timeToLive.toMillis()));
        }
        if (options.priority() != null) {
            properties.priority(options.priority());
        }
    }

    /** A stream's offset by time, which AMQP counts in seconds. */
    static Object second(Instant time) {
        return new Date(time.getEpochSecond() * 1000);
    }

    /** The bytes to publish with {@link #outbound}. */
    static byte[] body(OutboundFrame frame) {
        byte[] body = frame.body();
        return body == null ? NO_BODY : body;
    }

    /** The number of a message that the broker returned, or −1 if it carries none. */
    static long sequence(BasicProperties returned) {
        Map<String, Object> table = returned.getHeaders();
        return table != null && table.get(SEQUENCE) instanceof Number number ? number.longValue() : -1;
    }

    static InboundMessage inbound(Envelope envelope, BasicProperties properties, byte[] body) {
        return inbound(envelope, properties, body, new Reading());
    }

    /**
     * Of a stream, which numbers its messages. The checksum tells a message from another one that had its place in an earlier stream of
     * that name.
     */
    static InboundMessage replayed(Envelope envelope, BasicProperties properties, byte[] body) {
        Reading reading = new Reading();
        Map<String, Object> table = properties.getHeaders();
        if (table != null && table.get(STREAM_OFFSET) instanceof Number number) {
            reading.offset = number.longValue();
            CRC32C checksum = new CRC32C();
            checksum.update(body);
            reading.incarnation = Long.toHexString(checksum.getValue());
        }
        return inbound(envelope, properties, body, reading);
    }

    private static InboundMessage inbound(Envelope envelope, BasicProperties properties, byte[] body, Reading reading) {
        Map<String, Object> table = properties.getHeaders();
        if (properties.getContentType() != null) {
            reading.add(WireHeaders.CONTENT_TYPE, properties.getContentType().getBytes(UTF_8));
        }
        if (table != null) {
            Map<String, Object> origin = DeathNotes.origin(envelope, properties);
            table.forEach((name, value) -> {
                boolean replaced = !origin.isEmpty() && DeathNotes.isEarlierOrigin(name);
                if (!replaced && !DeathNotes.is(name)) {
                    reading.take(name, value);
                }
            });
            origin.forEach((name, value) -> reading.add(name, Reading.bytes(value)));
        }
        byte[] content = reading.tombstone && body.length == 0 ? null : body;
        Date time = properties.getTimestamp();
        return InboundMessage.builder(envelope.getDeliveryTag(), reading.offset)
                .key(reading.key)
                .nativeId(properties.getMessageId())
                .incarnation(reading.incarnation)
                .headers(reading.headers())
                .body(content)
                .timestampMillis(time == null ? 0 : time.getTime())
                .redelivered(envelope.isRedeliver())
                .size(reading.size + body.length)
                .build();
    }

    private static void put(Map<String, Object> table, String name, LongString value) {
        Object before = table.putIfAbsent(name, value);
        if (before instanceof Values values) {
            values.add(value);
        } else if (before != null) {
            table.put(name, new Values(before, value));
        }
    }

    private static boolean isInstruction(String name) {
        return INSTRUCTIONS.contains(name.startsWith(ESCAPE) ? name.substring(ESCAPE.length()) : name);
    }

    private static boolean isOurs(String name) {
        return name.equals(KEY) || name.equals(TOMBSTONE) || name.equals(SEQUENCE);
    }

    /** A message that is passed on, such as a dead letter, must not claim that the broker said so of it. */
    private static boolean isMadeByBroker(String name) {
        return switch (name) {
            case "x-delivery-count", "x-acquired-count", STREAM_OFFSET -> true;
            default -> DeathNotes.is(name);
        };
    }

    private static boolean isShortText(byte[] value) {
        for (byte each : value) {
            if (each < ' ') {
                return false;
            }
        }
        return value.length <= SHORT_STRING;
    }

    /** The values of one name. */
    private static final class Values extends ArrayList<Object> {
        private static final long serialVersionUID = 1L;

        Values(Object first, Object second) {
            super(2);
            add(first);
            add(second);
        }
    }

    /** Reads a table, whoever wrote it. */
    private static final class Reading {
        private final List<String> names = new ArrayList<>();
        private final List<byte[]> values = new ArrayList<>();
        private @Nullable String key;
        private boolean tombstone;
        private long offset = -1;
        private String incarnation = "";
        private int size;

        void take(String name, @Nullable Object value) {
            switch (name) {
                case KEY -> {
                    byte[] bytes = bytes(value);
                    key = KeyBytes.text(bytes);
                    size += bytes.length;
                }
                case TOMBSTONE -> tombstone = true;
                case SEQUENCE -> {}
                case STREAM_OFFSET -> {
                    if (offset < 0) {
                        add(name, bytes(value));
                    }
                }
                default -> {
                    String plain = name.startsWith(ESCAPE) ? name.substring(ESCAPE.length()) : name;
                    if (value instanceof List<?> several && several.stream().noneMatch(Reading::isCompound)) {
                        several.forEach(each -> add(plain, bytes(each)));
                    } else {
                        add(plain, bytes(value));
                    }
                }
            }
        }

        private static boolean isCompound(@Nullable Object value) {
            return value instanceof List || value instanceof Map;
        }

        void add(String name, byte[] value) {
            names.add(name);
            values.add(value);
            size += name.length() + value.length;
        }

        /** What is not text already becomes its text; nothing becomes an empty one. */
        private static byte[] bytes(@Nullable Object value) {
            if (value instanceof LongString text) {
                return text.getBytes();
            }
            if (value instanceof byte[] raw) {
                return raw;
            }
            if (value instanceof Date time) {
                return time.toInstant().toString().getBytes(UTF_8);
            }
            return value == null ? NO_BODY : value.toString().getBytes(UTF_8);
        }

        Headers headers() {
            return Headers.wrap(names.toArray(String[]::new), values.toArray(byte[][]::new));
        }
    }
}
