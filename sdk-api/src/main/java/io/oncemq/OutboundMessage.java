package io.oncemq;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to be published: a body, the id of the event it tells of, an ordering key and headers. Immutable and
 * thread-safe; each wither returns a new message.
 *
 * <p>The id is the idempotency key. It names one event, never an entity: an order's "created" and "paid" have two ids. Where
 * none is given a random one is made once and kept, so publishing the same object again repeats the same id.
 */
public final class OutboundMessage<T> {
    private final @Nullable T body;
    private final @Nullable String givenId;
    private final @Nullable String key;
    private final @Nullable String source;
    private final @Nullable String type;
    private final @Nullable Instant time;
    private final Headers headers;
    private volatile @Nullable String generatedId;

    private OutboundMessage(
            @Nullable T body,
            @Nullable String id,
            @Nullable String key,
            @Nullable String source,
            @Nullable String type,
            @Nullable Instant time,
            Headers headers) {
        this.body = body;
        this.givenId = id;
        this.key = key;
        this.source = source;
        this.type = type;
        this.time = time;
        this.headers = headers;
    }

    /** A message without key and headers. */
    public static <T> OutboundMessage<T> of(T body) {
        return new OutboundMessage<>(body, null, null, null, null, null, Headers.empty());
    }

    /** A message without a body, which a compacted log understands as the deletion of its key. */
    public static <T> OutboundMessage<T> tombstone(String key) {
        return new OutboundMessage<>(null, null, key, null, null, null, Headers.empty());
    }

    /** The idempotency key: 1 to 255 characters, the same through every re-send. */
    public OutboundMessage<T> id(String id) {
        if (id.isEmpty() || id.length() > 255) {
            throw new ConfigurationException(
                    "OutboundMessage.id", id, "has " + id.length() + " characters", "Use 1 to 255 characters");
        }
        return new OutboundMessage<>(body, id, key, source, type, time, headers);
    }

    /** The ordering key: messages of one key are stored and handled in the order in which they were published. */
    public OutboundMessage<T> key(String key) {
        return new OutboundMessage<>(body, givenId, key, source, type, time, headers);
    }

    /** The CloudEvents source; where set it is the scope in which ids are unique, instead of the destination. */
    public OutboundMessage<T> source(String source) {
        return new OutboundMessage<>(body, givenId, key, source, type, time, headers);
    }

    /** The CloudEvents type. */
    public OutboundMessage<T> type(String type) {
        return new OutboundMessage<>(body, givenId, key, source, type, time, headers);
    }

    /** When the event happened (CloudEvents time). */
    public OutboundMessage<T> time(Instant time) {
        return new OutboundMessage<>(body, givenId, key, source, type, time, headers);
    }

    /**
     * Adds a header.
     *
     * @throws ConfigurationException if the name starts with a prefix that OnceMQ or CloudEvents reserves
     */
    public OutboundMessage<T> header(String name, String value) {
        if (name.startsWith("oncemq-") || name.startsWith("ce_") || name.startsWith("cloudEvents")) {
            throw new ConfigurationException(
                    "OutboundMessage.header",
                    name,
                    "has a reserved prefix",
                    "Rename it, or use id, source, type or time");
        }
        return new OutboundMessage<>(
                body,
                givenId,
                key,
                source,
                type,
                time,
                headers.toBuilder().add(name, value).build());
    }

    public @Nullable T body() {
        return body;
    }

    public String id() {
        if (givenId != null) {
            return givenId;
        }
        String id = generatedId;
        if (id == null) {
            synchronized (this) {
                id = generatedId;
                if (id == null) {
                    id = UUID.randomUUID().toString();
                    generatedId = id;
                }
            }
        }
        return id;
    }

    /** Whether the application chose the id. */
    public boolean hasGivenId() {
        return givenId != null;
    }

    public @Nullable String key() {
        return key;
    }

    public @Nullable String source() {
        return source;
    }

    public @Nullable String type() {
        return type;
    }

    public @Nullable Instant time() {
        return time;
    }

    public Headers headers() {
        return headers;
    }

    /** Without the body, which may be confidential. */
    @Override
    public String toString() {
        return "OutboundMessage[id=" + id() + ", key=" + key + "]";
    }
}
