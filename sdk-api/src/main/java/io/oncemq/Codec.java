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
     * @throws CodecException if it is the bytes that cannot be decoded; the delivery then goes to the dead letter with its original
     *     bytes, without retries
     * @throws RuntimeException if anything else is wrong, such as a schema registry that does not answer; the delivery is then
     *     retried by its {@link RetryPolicy}, as after a handler that threw
     */
    T decode(byte[] bytes, Headers headers);

    /**
     * Called before a subscription starts. A codec that can tell that no bytes at all would be decoded, since its type cannot be built,
     * says so here.
     *
     * @throws ConfigurationException if nothing can be decoded; the subscription does not start
     */
    default void checkDecodable() {}

    /** The media type written to the {@code content-type} header. */
    String contentType();
}
