package io.oncemq;

/**
 * Turns bodies into bytes and back. Implementations are thread-safe and do not block. A null body (a tombstone) never
 * reaches a codec.
 */
public interface Codec<T> {
    /**
     * @throws RuntimeException if the body cannot be encoded; nothing is handed over then
     */
    byte[] encode(T body);

    /**
     * @throws RuntimeException if the bytes cannot be decoded; the delivery then goes to the dead letter with its original
     *     bytes, without retries
     */
    T decode(byte[] bytes, Headers headers);

    /** The media type written to the {@code content-type} header. */
    String contentType();
}
