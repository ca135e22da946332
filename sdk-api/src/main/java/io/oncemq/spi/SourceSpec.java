package io.oncemq.spi;

import io.oncemq.LostPositions;
import io.oncemq.StartPosition;
import java.time.Duration;

/**
 * What a source shall receive.
 *
 * @param maxInFlight the engine's bound, from which an adapter with prefetch derives it
 * @param drainDeadline how long {@link SourceListener#onRevoking} may block
 */
public record SourceSpec(
        String destination,
        String group,
        StartPosition startAt,
        LostPositions onLost,
        int maxInFlight,
        Duration drainDeadline) {}
