package io.oncemq.core.publish;

import io.oncemq.spi.OutboundFrame;
import org.jspecify.annotations.Nullable;

/** Where order matters: one key of one destination. */
record Slot(String destination, String key) {
    /** Null for a message without a key. */
    static @Nullable Slot of(OutboundFrame frame) {
        String key = frame.key();
        return key == null ? null : new Slot(frame.destination(), key);
    }
}
