package io.oncemq.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the broker shall do with a message in addition to storing it; null is not asked for. The engine asks only for what the broker's
 * capabilities offer. Whole milliseconds.
 *
 * @param delay not delivered before it has passed since the broker took the message
 * @param timeToLive not delivered after it has passed since the broker took the message, but given to the dead letters of each group
 * @param priority 0 to 9 as JMS has them; without one a message is worth 4
 */
public record SendOptions(
        @Nullable Duration delay,
        @Nullable Duration timeToLive,
        @Nullable Integer priority) {
    /** Asks for nothing. */
    public static final SendOptions NONE = new SendOptions(null, null, null);
}
