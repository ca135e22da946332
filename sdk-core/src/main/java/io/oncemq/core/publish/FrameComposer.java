package io.oncemq.core.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import io.oncemq.OutboundMessage;
import io.oncemq.core.WireHeaders;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import org.jspecify.annotations.Nullable;

/**
 * Writes the headers of a message as one broker spells them: CloudEvents attributes first, then the content type, then the
 * application's own. {@code specversion} is set when source and type are, for only then is it a complete CloudEvent.
 * Thread-safe.
 */
public final class FrameComposer {
    private static final byte[] SPEC_VERSION = "1.0".getBytes(UTF_8);

    private final String prefix;
    private final String idName;
    private final String sourceName;
    private final String typeName;
    private final String timeName;
    private final String specVersionName;

    /** @param cloudEventsPrefix what the broker's binding puts before an attribute's name */
    public FrameComposer(String cloudEventsPrefix) {
        this.prefix = cloudEventsPrefix;
        this.idName = cloudEventsPrefix + WireHeaders.ID;
        this.sourceName = cloudEventsPrefix + WireHeaders.SOURCE;
        this.typeName = cloudEventsPrefix + WireHeaders.TYPE;
        this.timeName = cloudEventsPrefix + WireHeaders.TIME;
        this.specVersionName = cloudEventsPrefix + WireHeaders.SPEC_VERSION;
    }

    /**
     * @param own the message's own headers, with what observers have added
     * @param id what names the message on the wire; the message's own, or one derived from a delivery
     * @param body null for a tombstone, which then carries no content type
     * @param contentType ignored if the application set the header itself
     */
    public OutboundFrame compose(
            String destination,
            OutboundMessage<?> message,
            Headers own,
            String id,
            byte @Nullable [] body,
            byte[] contentType) {
        boolean typed = body != null && (own.size() == 0 || !own.contains(WireHeaders.CONTENT_TYPE));
        Writing writing = new Writing(count(message, typed) + own.size());
        byte[] idBytes = KeyBytes.of(id);
        writing.add(idName, idBytes);
        writing.addText(sourceName, message.source());
        writing.addText(typeName, message.type());
        if (message.source() != null && message.type() != null) {
            writing.add(specVersionName, SPEC_VERSION);
        }
        if (message.time() != null) {
            writing.addText(timeName, message.time().toString());
        }
        Headers attributes = message.attributes();
        for (int i = 0; i < attributes.size(); i++) {
            writing.add(prefix + attributes.name(i), attributes.value(i));
        }
        if (typed) {
            writing.add(WireHeaders.CONTENT_TYPE, contentType);
        }
        for (int i = 0; i < own.size(); i++) {
            writing.add(own.name(i), own.value(i));
        }
        String key = message.key();
        byte[] placed = key == null ? idBytes : KeyBytes.of(key);
        int size = writing.size + (key == null ? 0 : placed.length) + (body == null ? 0 : body.length);
        return new OutboundFrame(
                destination, id, key, KeyHash.of(placed), writing.headers(), body, size, message.options());
    }

    private static int count(OutboundMessage<?> message, boolean typed) {
        int count = (typed ? 2 : 1) + message.attributes().size();
        if (message.source() != null) {
            count++;
        }
        if (message.type() != null) {
            count += message.source() == null ? 1 : 2;
        }
        return message.time() == null ? count : count + 1;
    }

    private static final class Writing {
        private final String[] names;
        private final byte[][] values;
        private int next;
        private int size;

        Writing(int count) {
            names = new String[count];
            values = new byte[count][];
        }

        void add(String name, byte[] value) {
            names[next] = name;
            values[next++] = value;
            size += name.length() + value.length;
        }

        void addText(String name, @Nullable String value) {
            if (value != null) {
                add(name, KeyBytes.of(value));
            }
        }

        Headers headers() {
            return Headers.wrap(names, values);
        }
    }
}
