package io.oncemq.testkit.kit.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import org.jspecify.annotations.Nullable;

/** A message as it lies on the broker, read or written without OnceMQ. */
public record RawMessage(@Nullable String key, Headers headers, byte @Nullable [] body) {
    /** A message as a foreign producer writes it: no id, no header of ours. */
    static RawMessage foreign(String key, String body) {
        return new RawMessage(key, Headers.empty(), body.getBytes(UTF_8));
    }

    /** The body as text; empty for a tombstone. */
    public String text() {
        return body == null ? "" : new String(body, UTF_8);
    }
}
