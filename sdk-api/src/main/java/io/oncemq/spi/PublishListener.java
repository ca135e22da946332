package io.oncemq.spi;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException;
import org.jspecify.annotations.Nullable;

/**
 * Receives the outcomes of one session. Implemented by the engine: thread-safe, quick, never blocks, throws nothing.
 */
public interface PublishListener {
    /** The broker has stored it. */
    void confirmed(Object context, Position position);

    /** The broker, or the client before any byte left, said no for good: certainly not stored, and a re-send would not help. */
    void rejected(Object context, PublishRejectedException.Reason reason, Throwable cause);

    /** Certainly not handed over, for a passing reason: it may be sent again. */
    void notSent(Object context, Throwable cause);

    /**
     * Certainly not handed over, since the client has no room for the message until the broker has answered others. Reported instead of
     * waiting in {@link PublishSession#send}. The engine sends it again within a few milliseconds. Meanwhile it holds the message's partition if one
     * message per key is open ({@link PublishOrder#ONE_PER_KEY}), else the destination. Default: {@link #notSent}, which waits for a back-off.
     */
    default void noRoom(Object context, Throwable cause) {
        notSent(context, cause);
    }

    /**
     * May be stored: the broker does not confirm it, or the session gave up on it. The engine sends it again with the same id: after a
     * back-off of its destination where one message per key is open ({@link PublishOrder#ONE_PER_KEY}), else over another session.
     */
    void unknown(Object context, Throwable cause);

    /** The session is unusable. Every message without an outcome is perhaps stored. */
    void sessionFailed(Throwable cause);

    /**
     * The number of shards of a destination. Reported before the session places its first message there, and each time that the number
     * differs. After false the session gives keyed messages of the destination back with {@link #notSent}, places those
     * without a key, and tells the number again every second or so. Where nothing moves a key, as on a broker that deals out groups of
     * messages, it is not called.
     *
     * @return whether keys may be placed over so many
     */
    boolean shards(String destination, int count);

    /**
     * As {@link #shards(String, int)}, for a broker that can move shards while their number stays. After false the session tells it again in
     * the same way.
     *
     * @param places where the shards are: text for people, equal only if all shards are in equal places
     * @param accepted whether these places were found first, or were accepted outside the engine (by {@link BrokerTransport#ensure}). Keys may
     *     move there without a further question if the number stays
     */
    default boolean shards(String destination, int count, String places, boolean accepted) {
        return shards(destination, count);
    }

    /** Sending pauses (full window, blocked connection), or continues. */
    void writable(boolean writable);

    /**
     * The broker takes no messages at the moment, for a reason of its own such as an alarm or a full address; a full window of the session
     * is not such a reason. Only a report: {@link #writable} pauses. Repeated calls are allowed. What a session reported is over when it reports
     * {@link #unblocked}, or when a later session has a message confirmed.
     *
     * @param destination the blocked one, or null for all of them
     * @param reason in the broker's words
     */
    default void blocked(@Nullable String destination, String reason) {}

    /** The broker takes messages again. @param destination as in {@link #blocked} */
    default void unblocked(@Nullable String destination) {}
}
