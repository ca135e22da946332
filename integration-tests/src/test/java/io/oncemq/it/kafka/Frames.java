package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import org.jspecify.annotations.Nullable;

/** Messages to publish through a session. */
final class Frames {
    private Frames() {}

    static OutboundFrame frame(String topic, @Nullable String key, String body) {
        return frame(topic, key, body.getBytes(UTF_8));
    }

    static OutboundFrame frame(String topic, @Nullable String key, byte[] body) {
        String id = "id-" + System.identityHashCode(body);
        Headers headers = Headers.builder().add("ce_id", id).add("trace", "t").build();
        return new OutboundFrame(topic, id, key, KeyHash.of(key == null ? id : key), headers, body, body.length + 20);
    }
}
