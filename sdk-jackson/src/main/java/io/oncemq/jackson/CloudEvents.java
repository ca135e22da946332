package io.oncemq.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.CodecException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Takes the body out of a CloudEvent in structured mode (JSON Event Format 1.0, section 3). Thread-safe. */
final class CloudEvents {
    private static final String DATA = "data";
    private static final String BINARY = "data_base64";
    private static final String DATA_TYPE = "datacontenttype";

    private final ObjectReader reader;

    CloudEvents(JsonMapper mapper) {
        this.reader = mapper.readerFor(JsonNode.class)
                .with(
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /** The JSON of the event's data. */
    byte[] data(byte[] bytes) {
        JsonNode event = event(bytes);
        String type = event.path(DATA_TYPE).asString("application/json");
        if (MediaType.of(type) != MediaType.JSON) {
            throw new CodecException("the data of the CloudEvent is declared as " + type + ", which is not JSON", null);
        }
        JsonNode data = event.get(DATA);
        JsonNode binary = event.get(BINARY);
        if (data == null && binary == null) {
            throw new CodecException("the CloudEvent has no data", null);
        }
        try {
            return binary == null ? data.toString().getBytes(UTF_8) : binary.binaryValue();
        } catch (JacksonException e) {
            throw new CodecException("the " + BINARY + " of the CloudEvent is not Base64", null);
        }
    }

    private JsonNode event(byte[] bytes) {
        JsonNode event;
        try {
            event = reader.readValue(bytes);
        } catch (JacksonException e) {
            throw new CodecException(
                    "the body is not a CloudEvent (" + e.getClass().getSimpleName() + ")", null);
        }
        if (event == null || !event.path("specversion").isString()) {
            throw new CodecException("the body is not a CloudEvent: it has no specversion", null);
        }
        return event;
    }
}
