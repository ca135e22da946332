package io.oncemq.spi;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException;

/**
 * Hears the outcomes of one session. Implemented by the engine: thread-safe, quick, never blocks, throws nothing.
 */
public interface PublishListener {
    /** The broker has stored it. */
    void confirmed(Object context, Position position);

    /** The broker, or the client before any byte left, said no for good: certainly not stored, and a re-send would not help. */
    void rejected(Object context, PublishRejectedException.Reason reason, Throwable cause);

    /** Certainly not handed over, for a passing reason: it may be sent again. */
    void notSent(Object context, Throwable cause);

    /**
     * May be stored: the broker does not confirm it, or the session gave up on it. The engine sends it again with the same id: after a
     * back-off of its destination where one message per key is open ({@link PublishOrder#ONE_PER_KEY}), else over another session.
     */
    void unknown(Object context, Throwable cause);

    /** The session is unusable. Every message without an outcome is perhaps stored. */
    void sessionFailed(Throwable cause);

    /**
     * A destination has so many shards. Told before the session places its first message there, and each time that the number
     * differs. After false the session gives keyed messages of the destination back with {@link #notSent}, places those
     * without a key, and tells the number again every second or so. Where nothing moves a key, as on a broker that deals out groups of
     * messages, it is not called.
     *
     * @return whether keys may be placed over so many
     */
    boolean shards(String destination, int count);

    /** The broker asks to pause (blocked connection), or allows to go on. */
    void writable(boolean writable);
}
