package io.oncemq;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One message in the hands of a handler. Valid until the handler returns, or its stage completes. Thread-safe for reading;
 * derived messages are added by one thread at a time.
 */
public interface Delivery<T> {
    /** The decoded body; null for a tombstone. */
    @Nullable
    T body();

    /** The idempotency key: the producer's id, or the message's place on the broker where a producer gave none. */
    String id();

    /**
     * The ordering key, or null. Bytes that are not UTF-8, as other programs may write them, stand as unpaired surrogates,
     * U+DC80 to U+DCFF: a message that is published with this key carries the same bytes again.
     */
    @Nullable
    String key();

    Headers headers();

    /**
     * What CloudEvents says of the event under this name: {@code type}, {@code source}, {@code subject} or an extension such as
     * {@code correlationid}, by any header name that the broker's binding has for it. Empty if it is missing.
     */
    Optional<String> attribute(String name);

    /** 1 for the first attempt that is known of. Attempts count across processes once a message has failed or crashed one. */
    int attempt();

    /** Whether the message may have been handled before: an earlier attempt failed, or an earlier owner disappeared. */
    boolean redelivered();

    Position position();

    /**
     * The name of the {@link Replay#again replay} in which it is handled once more; also after it came back from a dead letter of that
     * replay. Empty for the first handling, to which {@link Replay#gaps} belongs. Not to be confused with a redrive of dead letters.
     */
    Optional<String> replay();

    /** The broker's time stamp of the message. */
    Instant timestamp();

    /**
     * A number that grows with every claim of this key, through crashes and loss of the store's data. Write it with the
     * effect and refuse smaller ones, and a stale owner can change nothing. Empty without an idempotency store.
     */
    OptionalLong fencingToken();

    /**
     * Whether this process still holds the claim, by its own monotonic clock. False after a revoked or lost partition, an
     * overrun {@code handlerTimeout} or a lapsed lease: the effect should then be left to the new owner. Always true without
     * an idempotency store while the partition is held.
     */
    boolean isOwned();

    /**
     * Adds a message that follows from this one. It is sent when the handler has succeeded and is confirmed before this
     * delivery counts as done. Its id is derived from this delivery's, so a repeated handler repeats the same ids and a
     * later consumer sees one effect. One message per destination; others need a name. It has the key of this delivery, unless it has
     * a key of its own, {@linkplain OutboundMessage#withoutKey no key} or a priority.
     *
     * @throws ConfigurationException if the destination has a derived message already, the message carries an id, or it asks for what the
     *     broker does not offer
     */
    <R> void publishOnSuccess(Publisher<R> publisher, OutboundMessage<R> message);

    /** As {@link #publishOnSuccess(Publisher, OutboundMessage)}, with a name that is unique within the destination. */
    <R> void publishOnSuccess(Publisher<R> publisher, String name, OutboundMessage<R> message);
}
