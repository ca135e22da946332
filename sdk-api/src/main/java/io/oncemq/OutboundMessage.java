package io.oncemq;

import io.oncemq.spi.SendOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message to be published: a body, the id of the event that it reports, an ordering key and headers. Immutable and
 * thread-safe; each wither returns a new message.
 *
 * <p>The id is the idempotency key. It names one event, never an entity: an order's "created" and "paid" have two ids. Where
 * none is given a random one is made once and kept, so publishing the same object again repeats the same id.
 */
@CheckReturnValue
public final class OutboundMessage<T> {
    private static final int HIGHEST_PRIORITY = 9;
    /** CloudEvents 1.0, naming conventions. */
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]{1,20}");
    /** With a method of their own, or set by OnceMQ. */
    private static final Set<String> OWN =
            Set.of("id", "source", "type", "time", "specversion", "datacontenttype", "data");

    private final @Nullable T body;
    private final @Nullable String givenId;
    private final @Nullable String key;
    private final boolean withoutKey;
    private final Event event;
    private final Headers headers;
    private final @Nullable SendOptions options;
    private volatile @Nullable String generatedId;

    /** The CloudEvents attributes of a message, except its id. */
    private record Event(
            @Nullable String source,
            @Nullable String type,
            @Nullable Instant time,
            Headers attributes) {
        static final Event UNTOLD = new Event(null, null, null, Headers.empty());
    }

    private OutboundMessage(
            @Nullable T body,
            @Nullable String id,
            @Nullable String key,
            boolean withoutKey,
            Event event,
            Headers headers,
            @Nullable SendOptions options) {
        this.body = body;
        this.givenId = id;
        this.key = key;
        this.withoutKey = withoutKey;
        this.event = event;
        this.headers = headers;
        this.options = options;
    }

    /** A message without key and headers. */
    public static <T> OutboundMessage<T> of(T body) {
        return new OutboundMessage<>(body, null, null, false, Event.UNTOLD, Headers.empty(), null);
    }

    /** A message without a body, which a compacted log understands as the deletion of its key. */
    public static <T> OutboundMessage<T> tombstone(String key) {
        return new OutboundMessage<>(null, null, key, false, Event.UNTOLD, Headers.empty(), null);
    }

    /** The idempotency key: 1 to 255 characters, the same through every re-send. */
    public OutboundMessage<T> id(String id) {
        if (id.isEmpty() || id.length() > 255) {
            throw new ConfigurationException(
                    "OutboundMessage.id", id, "has " + id.length() + " characters", "Use 1 to 255 characters");
        }
        return new OutboundMessage<>(body, id, key, withoutKey, event, headers, options);
    }

    /** The ordering key: messages of one key are stored and handled in the order in which they were published. */
    public OutboundMessage<T> key(String key) {
        return new OutboundMessage<>(body, givenId, key, false, event, headers, options);
    }

    /**
     * Without an ordering key, also if it is {@linkplain Delivery#publishOnSuccess derived} from a message that has one.
     *
     * @throws ConfigurationException if it is a {@linkplain #tombstone tombstone}, which is nothing without its key
     */
    public OutboundMessage<T> withoutKey() {
        if (body == null) {
            throw new ConfigurationException(
                    "OutboundMessage.withoutKey", String.valueOf(key), "is the key of a tombstone", "Keep the key");
        }
        return new OutboundMessage<>(body, givenId, null, true, event, headers, options);
    }

    /** The CloudEvents source; where set it is the scope in which ids are unique, instead of the destination. */
    public OutboundMessage<T> source(String source) {
        return with(new Event(source, event.type, event.time, event.attributes));
    }

    /** The CloudEvents type. */
    public OutboundMessage<T> type(String type) {
        return with(new Event(event.source, type, event.time, event.attributes));
    }

    /** When the event happened (CloudEvents time). */
    public OutboundMessage<T> time(Instant time) {
        return with(new Event(event.source, event.type, time, event.attributes));
    }

    /**
     * What else CloudEvents says of the event: its {@code subject}, or an extension such as {@code correlationid}, {@code causationid},
     * {@code partitionkey}, {@code sequence} or {@code expirytime}. It is a header under the name that CloudEvents' binding for the broker gives
     * it, and {@link Delivery#attribute} reads it on each. OnceMQ itself acts on none of them. The last value of a name counts.
     *
     * @throws ConfigurationException if the name is not 1 to 20 lower-case letters and digits (CloudEvents 1.0), or has a method of its own here
     */
    public OutboundMessage<T> attribute(String name, String value) {
        if (!ATTRIBUTE.matcher(name).matches()) {
            throw new ConfigurationException(
                    "OutboundMessage.attribute",
                    name,
                    "is not 1 to 20 lower-case letters and digits, as CloudEvents asks for",
                    "Write for example correlationid, or use header for other values");
        }
        if (OWN.contains(name)) {
            throw new ConfigurationException(
                    "OutboundMessage.attribute",
                    name,
                    "is set by a method of its own",
                    "Use id, source, type or time; the content type is the header content-type");
        }
        Headers more = event.attributes.toBuilder().set(name, value).build();
        return with(new Event(event.source, event.type, event.time, more));
    }

    /**
     * Adds a header.
     *
     * @throws ConfigurationException if the name starts with a prefix that OnceMQ or CloudEvents reserves
     */
    public OutboundMessage<T> header(String name, String value) {
        if (name.startsWith("oncemq-")
                || name.startsWith("ce_")
                || name.startsWith("CE_")
                || name.startsWith("cloudEvents")) {
            throw new ConfigurationException(
                    "OutboundMessage.header",
                    name,
                    "has a reserved prefix",
                    "Rename it, or use id, source, type, time or attribute");
        }
        return new OutboundMessage<>(
                body,
                givenId,
                key,
                withoutKey,
                event,
                headers.toBuilder().add(name, value).build(),
                options);
    }

    /**
     * Not delivered before this time has passed since the broker took the message; one that is sent again, because its outcome was not
     * known, waits that time again. Rounded up to whole milliseconds. Some brokers know only the levels that {@link DestinationSpec#delays}
     * declares, and reject others.
     *
     * <p>With a key: the message takes its place in the key's order when it arrives after its delay, after all messages that have arrived by then,
     * and nothing is said of the order among delayed ones. From there on it is handled in turn with the others of its key.
     *
     * @throws ConfigurationException if it is not positive, or longer than 49 days
     */
    public OutboundMessage<T> delay(Duration delay) {
        SendOptions before = asked();
        return with(new SendOptions(
                WholeMillis.of("OutboundMessage.delay", delay), before.timeToLive(), before.priority()));
    }

    /**
     * If the message is still with the broker when this time has passed since the broker took it, it is not delivered but given to the
     * dead letters of each group, with the reason {@code expired}. What a process has fetched before is handled, however long it waits
     * there. Rounded up to whole milliseconds.
     *
     * @throws ConfigurationException if it is not positive, or longer than 49 days
     */
    public OutboundMessage<T> timeToLive(Duration timeToLive) {
        SendOptions before = asked();
        return with(new SendOptions(
                before.delay(), WholeMillis.of("OutboundMessage.timeToLive", timeToLive), before.priority()));
    }

    /**
     * From 0 to 9, as JMS has them; 4 is normal, and what a message without one is worth. Messages with a higher one may overtake others
     * that wait at the broker. Its {@link Capabilities} say how many steps it has, and how strict they are. Not possible
     * together with a key, whose messages keep their order.
     *
     * @throws ConfigurationException if it is not between 0 and 9
     */
    public OutboundMessage<T> priority(int priority) {
        if (priority < 0 || priority > HIGHEST_PRIORITY) {
            throw new ConfigurationException(
                    "OutboundMessage.priority", priority, "is not between 0 and 9", "Use 4 for normal, 9 for highest");
        }
        SendOptions before = asked();
        return with(new SendOptions(before.delay(), before.timeToLive(), priority));
    }

    private SendOptions asked() {
        return options == null ? SendOptions.NONE : options;
    }

    private OutboundMessage<T> with(SendOptions other) {
        return new OutboundMessage<>(body, givenId, key, withoutKey, event, headers, other);
    }

    private OutboundMessage<T> with(Event other) {
        return new OutboundMessage<>(body, givenId, key, withoutKey, other, headers, options);
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

    /** Whether {@link #withoutKey} was called. */
    public boolean isWithoutKey() {
        return withoutKey;
    }

    /** Whether the application chose the id. */
    public boolean hasGivenId() {
        return givenId != null;
    }

    public @Nullable String key() {
        return key;
    }

    public @Nullable String source() {
        return event.source;
    }

    public @Nullable String type() {
        return event.type;
    }

    public @Nullable Instant time() {
        return event.time;
    }

    /** What {@link #attribute(String, String)} added, under the names that it was given. */
    public Headers attributes() {
        return event.attributes;
    }

    public Headers headers() {
        return headers;
    }

    /** The delay, time to live and priority that were asked for, or null if none was. */
    public @Nullable SendOptions options() {
        return options;
    }

    /** Without the body, which may be confidential. */
    @Override
    public String toString() {
        return "OutboundMessage[id=" + id() + ", key=" + key + "]";
    }
}
