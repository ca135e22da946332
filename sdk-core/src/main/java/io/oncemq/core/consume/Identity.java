package io.oncemq.core.consume;

import io.oncemq.spi.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * Who a message is.
 *
 * @param scope where the id is unique: the carried scope, else the CloudEvents source, else the destination
 * @param record null where nothing tells the message from another one, so that it cannot be claimed
 */
record Identity(
        String id, String scope, int generation, @Nullable RecordId record) {
    RecordId recordOrThrow() {
        if (record == null) {
            throw new IllegalStateException("message " + id + " has no claim record");
        }
        return record;
    }
}
