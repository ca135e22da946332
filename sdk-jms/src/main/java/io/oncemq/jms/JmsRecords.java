package io.oncemq.jms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import io.oncemq.core.PackedHeaders;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SendOptions;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages to what JMS carries. A property is one text under a Java identifier: a header that is such a text stands as a property, under the
 * name that {@link PropertyNames} gives it; every other one, and each further value of a name, stands in {@link #MORE}.
 */
final class JmsRecords {
    /** The ordering key, where it is well-formed text. */
    static final String KEY = "oncemq_key";

    /** The ordering key in Base64, where it is not. */
    static final String KEY_BYTES = "oncemq_key_bytes";

    /** {@link PackedHeaders}. */
    static final String MORE = "oncemq_more";

    /** Says that there is no body, which JMS cannot tell from an empty one. */
    static final String TOMBSTONE = "oncemq_tombstone";

    /** The CloudEvents prefix of JMS. */
    static final String PREFIX = "cloudEvents_";

    /** What stands there as well in older senders, on brokers that let them. */
    static final String OTHER_PREFIX = "cloudEvents:";

    /** The hash of the key, or of the id where there is no key, by which the queues of a group choose what is theirs. */
    static final String HASH = "oncemq_hash";

    /**
     * When its time to live is over, in milliseconds since 1970 by the publisher's clock. The brokers' own expiry would move a message to one
     * place for all groups, or drop it.
     */
    static final String EXPIRES = "oncemq_expires";

    private static final int POSITIVE = 0x7fffffff;
    private static final Clock CLOCK = Clock.systemUTC();

    /** What other producers order by. */
    private static final String GROUP = "JMSXGroupID";

    private static final Set<String> OURS = Set.of(KEY, KEY_BYTES, MORE, TOMBSTONE, HASH, EXPIRES);

    private JmsRecords() {}

    /** Restores a message that could not be converted. */
    interface Maker {
        /**
         * @param body the broker's own bytes
         * @param type {@link Bodies#TYPE}
         * @return null if they are no body of such a message
         */
        @Nullable
        Message of(byte[] body, String type) throws JMSException;
    }

    static Message outbound(Session session, OutboundFrame frame, Maker restoring) throws JMSException {
        return outbound(session, frame, restoring, text -> true);
    }

    /**
     * @param kept which texts come back from the broker as they were, as properties
     */
    static Message outbound(Session session, OutboundFrame frame, Maker restoring, Predicate<String> kept)
            throws JMSException {
        Message message = body(session, frame, restoring);
        message.setIntProperty(HASH, frame.keyHash() & POSITIVE);
        putExpiry(message, frame.options());
        putHeaders(message, frame.headers(), kept);
        putKey(message, frame.key(), kept);
        return message;
    }

    private static Message body(Session session, OutboundFrame frame, Maker restoring) throws JMSException {
        byte[] body = frame.body();
        String type = Bodies.restored(frame);
        Message restored = body == null || type == null ? null : restoring.of(body, type);
        if (restored != null) {
            return restored;
        }
        BytesMessage message = session.createBytesMessage();
        if (body == null) {
            message.setBooleanProperty(TOMBSTONE, true);
        } else {
            message.writeBytes(body);
        }
        return message;
    }

    private static void putKey(Message message, @Nullable String key, Predicate<String> kept) throws JMSException {
        if (key != null) {
            byte[] bytes = KeyBytes.of(key);
            String text = text(bytes);
            if (text != null && kept.test(text)) {
                message.setStringProperty(KEY, text);
            } else {
                message.setStringProperty(KEY_BYTES, Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    private static void putExpiry(Message message, @Nullable SendOptions options) throws JMSException {
        Duration time = options == null ? null : options.timeToLive();
        if (time != null) {
            message.setLongProperty(EXPIRES, CLOCK.millis() + time.toMillis());
        }
    }

    private static void putHeaders(Message message, Headers headers, Predicate<String> kept) throws JMSException {
        PackedHeaders more = new PackedHeaders();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            // Values of one name keep their order: after one that is no property, none is.
            String property = seen.add(name) ? PropertyNames.property(name) : null;
            String text = property == null || OURS.contains(property) ? null : text(headers.value(i));
            if (property != null && text != null && kept.test(text)) {
                message.setStringProperty(property, text);
            } else {
                more.add(name, headers.value(i));
            }
        }
        String packed = more.text();
        if (packed != null) {
            message.setStringProperty(MORE, packed);
        }
    }

    /**
     * A message without an id of ours is known by the one that JMS gave it; one without a key of ours has that of its message group. Whatever
     * another program may have written is converted, or said to be unreadable: throws nothing for the sake of a message.
     */
    static InboundMessage inbound(Message message, long tag, Bodies.Below below) throws JMSException {
        List<String> names = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        String problem = readHeaders(message, names, values);
        boolean tombstone = problem == null && message.propertyExists(TOMBSTONE);
        Bodies.Body body = tombstone ? new Bodies.Body(null, null, null) : Bodies.of(message, below);
        if (body.type() != null) {
            names.add(Bodies.TYPE);
            values.add(body.type().getBytes(UTF_8));
        }
        int size = 0;
        for (int i = 0; i < names.size(); i++) {
            size += names.get(i).length() + values.get(i).length;
        }
        return InboundMessage.builder(tag, -1)
                .key(problem == null ? key(message) : null)
                .nativeId(message.getJMSMessageID())
                .headers(Headers.wrap(names.toArray(String[]::new), values.toArray(byte[][]::new)))
                .body(body.bytes())
                .timestampMillis(message.getJMSTimestamp())
                .redelivered(message.getJMSRedelivered())
                .size(size + (body.bytes() == null ? 0 : body.bytes().length))
                .expired(problem == null && isExpired(message))
                .unreadable(problem == null ? body.problem() : problem)
                .build();
    }

    /** @return why they cannot be read, or null */
    private static @Nullable String readHeaders(Message message, List<String> names, List<byte[]> values) {
        try {
            for (String property : new TreeSet<>(propertyNames(message))) {
                byte[] value = OURS.contains(property) || !PropertyNames.isFree(property)
                        ? null
                        : bytes(message.getObjectProperty(property));
                if (value != null) {
                    names.add(PropertyNames.header(property));
                    values.add(value);
                }
            }
            String more = text(message, MORE);
            if (more != null) {
                PackedHeaders.read(more, names, values);
            }
            return null;
        } catch (JMSException | RuntimeException e) {
            return "its properties are malformed: " + e;
        }
    }

    /** Bytes as they are, and everything else as text: JMS has numbers and truth values, and brokers more. */
    private static byte @Nullable [] bytes(@Nullable Object value) {
        if (value instanceof byte[] raw) {
            return raw.clone();
        }
        return value == null ? null : KeyBytes.of(value.toString());
    }

    private static @Nullable String text(Message message, String property) throws JMSException {
        Object value = message.getObjectProperty(property);
        if (value instanceof byte[] raw) {
            return KeyBytes.text(raw);
        }
        return value == null ? null : value.toString();
    }

    /** Another program may have written anything there: what is no number is no end. */
    private static boolean isExpired(Message message) throws JMSException {
        return message.propertyExists(EXPIRES)
                && message.getObjectProperty(EXPIRES) instanceof Long end
                && CLOCK.millis() >= end;
    }

    private static List<String> propertyNames(Message message) throws JMSException {
        List<String> names = new ArrayList<>();
        for (Enumeration<?> all = message.getPropertyNames(); all.hasMoreElements(); ) {
            names.add(String.valueOf(all.nextElement()));
        }
        return names;
    }

    /** Another program may have written anything there: what is not ours stands for itself. */
    private static @Nullable String key(Message message) throws JMSException {
        String bytes = text(message, KEY_BYTES);
        if (bytes != null) {
            try {
                return KeyBytes.text(Base64.getDecoder().decode(bytes));
            } catch (IllegalArgumentException notOurs) {
                return bytes;
            }
        }
        String key = text(message, KEY);
        return key == null ? group(message) : key;
    }

    private static @Nullable String group(Message message) throws JMSException {
        try {
            return text(message, GROUP);
        } catch (RuntimeException noText) {
            // Of a producer below JMS; nothing there can be told by it.
            return null;
        }
    }

    /** The value as text; null if its bytes would not come back from it. */
    private static @Nullable String text(byte[] value) {
        String text = new String(value, UTF_8);
        return Arrays.equals(text.getBytes(UTF_8), value) ? text : null;
    }

    /** What the headers and the key of a frame take at the most, as the broker encodes them: two bytes for each character of a text. */
    static long propertyBytes(OutboundFrame frame) {
        byte[] body = frame.body();
        return 2L * (frame.size() - (body == null ? 0 : body.length));
    }
}
