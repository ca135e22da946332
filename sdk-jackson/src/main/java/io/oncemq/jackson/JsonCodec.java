package io.oncemq.jackson;

import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Headers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/** One type, read and written. */
final class JsonCodec<T> implements Codec<T> {
    private final String typeName;
    private final BodyReader<T> reader;
    private final CloudEvents envelopes;
    private final BodyWriter writer;

    JsonCodec(JsonMapper mapper, JavaType type) {
        this.typeName = type.toCanonical();
        this.reader = new BodyReader<>(mapper, type);
        this.envelopes = new CloudEvents(mapper);
        this.writer = new BodyWriter(mapper, type);
    }

    @Override
    public byte[] encode(T body) {
        try {
            return writer.write(body);
        } catch (JacksonException e) {
            throw new CodecException("a " + typeName + " cannot be written as JSON", e);
        }
    }

    @Override
    public T decode(byte[] bytes, Headers headers) {
        return switch (MediaType.of(headers)) {
            case JSON -> reader.read(bytes);
            case CLOUD_EVENT -> reader.read(envelopes.data(bytes));
            case OTHER ->
                throw new CodecException(
                        "the body is declared as " + headers.text(MediaType.HEADER) + ", which is not JSON", null);
        };
    }

    @Override
    public void checkDecodable() {
        reader.checkBuildable();
    }

    @Override
    public String contentType() {
        return "application/json";
    }
}
