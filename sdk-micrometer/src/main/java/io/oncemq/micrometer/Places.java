package io.oncemq.micrometer;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.oncemq.Position;

/** Keys and places as each broker's conventions name them. */
final class Places {
    private static final String KAFKA = "kafka";

    private Places() {}

    static KeyValues of(String system, Position position) {
        KeyValues values = KeyValues.of(MessagingKey.PARTITION.withValue(position.partition()));
        return system.equals(KAFKA) && position.offset() >= 0
                ? values.and(MessagingKey.KAFKA_OFFSET.withValue(Long.toString(position.offset())))
                : values;
    }

    static KeyValue key(String system, String key) {
        return (system.equals(KAFKA) ? MessagingKey.KAFKA_KEY : MessagingKey.MESSAGE_KEY).withValue(key);
    }
}
