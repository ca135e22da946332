package io.oncemq.rocket;

import io.oncemq.Headers;
import io.oncemq.core.PackedHeaders;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.OutboundFrame;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageExt;
import org.jspecify.annotations.Nullable;

/**
 * Messages to what RocketMQ carries, and back. A property is one text per name: not blank, without the characters U+0001 and U+0002 that
 * separate them, under a name that RocketMQ does not use itself; all of them take 32,767 bytes at most. A header that is such a text stands as a
 * property; every other one, and each further value of a name, stands in {@link #MORE}. A body must have a byte.
 */
final class RocketRecords {
    /** The ordering key, where it is such a text. */
    static final String KEY = "oncemq-key";

    /** The ordering key in Base64, where it is not; with a full stop behind, since an empty key is no property. */
    static final String KEY_BYTES = "oncemq-key-bytes";

    /** Headers that cannot be properties. */
    static final String MORE = PackedHeaders.NAME;

    /** Says that the body stands for {@code none} or {@code empty}. */
    static final String BODY = "oncemq-body";

    /** The CloudEvents prefix of RocketMQ. */
    static final String PREFIX = "CE_";

    private static final String TYPE = PREFIX + "type";
    private static final String EVERY_TAG = "*";
    private static final String NONE = "none";
    private static final String EMPTY = "empty";
    private static final byte[] STAND_IN = {0};
    private static final byte[] NO_BYTES = {};
    private static final Set<String> OURS = Set.of(KEY, KEY_BYTES, MORE, BODY);
    /** Not in the client's own list of reserved names. */
    private static final String RESERVED_PREFIX = "__";

    private RocketRecords() {}

    static Message outbound(OutboundFrame frame, String topic) {
        byte[] body = frame.body();
        Message message = new Message(topic, body == null || body.length == 0 ? STAND_IN : body);
        if (body == null || body.length == 0) {
            message.putUserProperty(BODY, body == null ? NONE : EMPTY);
        }
        putHeaders(message, frame.headers());
        String key = frame.key();
        if (key != null && isPlain(key)) {
            message.putUserProperty(KEY, key);
        } else if (key != null) {
            message.putUserProperty(KEY_BYTES, Base64.getEncoder().encodeToString(KeyBytes.of(key)) + ".");
        }
        putNames(message, frame);
        return message;
    }

    /** By what operators find it: id and key are looked up by the broker's index, the type is its tag. */
    private static void putNames(Message message, OutboundFrame frame) {
        List<String> keys = new ArrayList<>(2);
        String key = frame.key();
        if (isWord(frame.id())) {
            keys.add(frame.id());
        }
        if (key != null && isWord(key) && !key.equals(frame.id())) {
            keys.add(key);
        }
        if (!keys.isEmpty()) {
            message.setKeys(keys);
        }
        String tag = frame.headers().text(TYPE);
        if (tag != null && isTag(tag)) {
            message.setTags(tag);
        }
    }

    /** Whether a type can be a tag. */
    static boolean isTag(String type) {
        return isWord(type) && type.indexOf('|') < 0 && !type.equals(EVERY_TAG);
    }

    /** Whether a broker can index it. */
    static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i))) {
                return false;
            }
        }
        return isPlain(text);
    }

    private static void putHeaders(Message message, Headers headers) {
        PackedHeaders more = new PackedHeaders();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (OURS.contains(name)) {
                continue;
            }
            // Values of one name keep their order: after one that is no property, none is.
            boolean first = seen.add(name);
            String text = first && isFree(name) ? text(headers.value(i)) : null;
            if (text != null) {
                message.putUserProperty(name, text);
            } else {
                more.add(name, headers.value(i));
            }
        }
        String packed = more.text();
        if (packed != null) {
            message.putUserProperty(MORE, packed);
        }
    }

    private static boolean isFree(String name) {
        return isPlain(name) && !MessageConst.STRING_HASH_SET.contains(name) && !name.startsWith(RESERVED_PREFIX);
    }

    /** The value as a property; null if it cannot be one. */
    private static @Nullable String text(byte[] value) {
        String text = KeyBytes.text(value);
        return isPlain(text) ? text : null;
    }

    /** Whether it survives as a property: UTF-8, not blank, no separator. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == 1 || each == 2) {
                return false;
            }
            if (Character.isSurrogate(each)) {
                boolean pair = Character.isHighSurrogate(each)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return !text.isBlank() && !text.trim().isEmpty();
    }

    /**
     * What stands for a message that cannot be converted: its dead letter has these bytes, and the headers and the key if they can be read.
     *
     * @param message null if nothing but its bytes is known
     * @param problem why, for people
     */
    static InboundMessage unreadable(
            long offset, @Nullable MessageExt message, byte @Nullable [] bytes, String problem) {
        InboundMessage known = message == null ? null : withoutFault(message);
        return InboundMessage.builder(offset, offset)
                .key(known == null ? null : known.key())
                .nativeId(message == null ? null : message.getMsgId())
                .headers(known == null ? Headers.empty() : known.headers())
                .body(bytes)
                .timestampMillis(message == null ? 0 : message.getBornTimestamp())
                .unreadable(problem)
                .build();
    }

    private static @Nullable InboundMessage withoutFault(MessageExt message) {
        try {
            return inbound(message);
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** A message without an id of ours is known by the one that its producer's client gave it, which is kept through that client's retries. */
    static InboundMessage inbound(MessageExt message) {
        List<String> names = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        Map<String, String> properties = new TreeMap<>(message.getProperties());
        properties.forEach((name, text) -> {
            if (isFree(name) && !OURS.contains(name)) {
                names.add(name);
                values.add(KeyBytes.of(text));
            }
        });
        String more = properties.get(MORE);
        if (more != null) {
            PackedHeaders.read(more, names, values);
        }
        int size = 0;
        for (int i = 0; i < names.size(); i++) {
            size += names.get(i).length() + values.get(i).length;
        }
        byte[] body = body(message, properties.get(BODY));
        return InboundMessage.builder(message.getQueueOffset(), message.getQueueOffset())
                .key(key(properties))
                .nativeId(message.getMsgId())
                .headers(Headers.wrap(names.toArray(String[]::new), values.toArray(byte[][]::new)))
                .body(body)
                .timestampMillis(message.getBornTimestamp())
                .size(size + (body == null ? 0 : body.length))
                .build();
    }

    private static byte @Nullable [] body(MessageExt message, @Nullable String standIn) {
        if (standIn == null) {
            return message.getBody();
        }
        return standIn.equals(NONE) ? null : NO_BYTES;
    }

    /** Another program may have written anything there: what is not ours stands for itself. */
    private static @Nullable String key(Map<String, String> properties) {
        String bytes = properties.getOrDefault(KEY_BYTES, "");
        if (bytes.endsWith(".")) {
            try {
                return KeyBytes.text(Base64.getDecoder().decode(bytes.substring(0, bytes.length() - 1)));
            } catch (IllegalArgumentException notOurs) {
                return properties.get(KEY);
            }
        }
        return properties.get(KEY);
    }

    /** What they take of the 32,767 bytes, as the client writes them. */
    static int propertyBytes(Message message) {
        int bytes = 0;
        for (Map.Entry<String, String> each : message.getProperties().entrySet()) {
            bytes += utf8Length(each.getKey()) + utf8Length(each.getValue()) + 2;
        }
        return bytes;
    }

    /** Of text whose surrogates come in pairs, as {@link #isPlain} says; counted without encoding it. */
    private static int utf8Length(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each >= 0x80) {
                // Each half of a pair takes two bytes of its four.
                bytes += each < 0x800 || Character.isSurrogate(each) ? 1 : 2;
            }
        }
        return bytes;
    }
}
