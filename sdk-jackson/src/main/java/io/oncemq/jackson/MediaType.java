package io.oncemq.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a message declares its body to be. */
enum MediaType {
    /** JSON, or nothing that excludes it: absent, {@code text/plain} and {@code application/octet-stream} name no format. */
    JSON,
    /** A CloudEvent in structured mode: the body is inside. */
    CLOUD_EVENT,
    /** Another format. */
    OTHER;

    static final String HEADER = "content-type";

    private static final byte[] PLAIN_JSON = "application/json".getBytes(UTF_8);

    static MediaType of(Headers headers) {
        byte[] declared = headers.bytes(HEADER);
        return declared == null || Arrays.equals(declared, PLAIN_JSON) ? JSON : of(new String(declared, UTF_8));
    }

    static MediaType of(@Nullable String declared) {
        if (declared == null) {
            return JSON;
        }
        int parameters = declared.indexOf(';');
        String type = (parameters < 0 ? declared : declared.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        return switch (type) {
            case "", "application/json", "text/json", "text/plain", "application/octet-stream" -> JSON;
            case "application/cloudevents+json" -> CLOUD_EVENT;
            case "application/cloudevents-batch+json" -> OTHER;
            default -> type.endsWith("+json") ? JSON : OTHER;
        };
    }
}
