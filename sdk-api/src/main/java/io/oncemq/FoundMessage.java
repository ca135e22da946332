package io.oncemq;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that lies on the broker, handled or not; nothing is claimed or acknowledged by looking at it.
 *
 * @param id the producer's, or the one that the broker's client gave it
 * @param key the ordering key, or null
 * @param body as it came over the wire; null for a tombstone. Not copied
 * @param timestamp as in {@link Delivery#timestamp}
 */
public record FoundMessage(
        String id,
        @Nullable String key,
        Headers headers,
        byte @Nullable [] body,
        Position position,
        Instant timestamp) {}
