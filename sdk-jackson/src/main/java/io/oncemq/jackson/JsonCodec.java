package io.oncemq.jackson;

import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Headers;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** One type, read and written. */
final class JsonCodec<T> implements Codec<T> {
    private final String typeName;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    JsonCodec(JsonMapper mapper, JavaType type) {
        this.typeName = type.toCanonical();
        this.reader = mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        this.writer = mapper.writerFor(type);
    }

    @Override
    public byte[] encode(T body) {
        try {
            return writer.writeValueAsBytes(body);
        } catch (JacksonException e) {
            throw new CodecException("a " + typeName + " cannot be written as JSON", e);
        }
    }

    @Override
    public T decode(byte[] bytes, Headers headers) {
        T body = read(bytes);
        if (body == null) {
            throw new CodecException("the body is JSON null, not a " + typeName, null);
        }
        return body;
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    /** Jackson's own exception quotes the text, so it is not handed on as the cause. */
    private T read(byte[] bytes) {
        try {
            return reader.readValue(bytes);
        } catch (JacksonException e) {
            throw new CodecException(
                    "the body is not a " + typeName + " (" + e.getClass().getSimpleName() + place(e.getLocation())
                            + ")",
                    null);
        } catch (RuntimeException e) {
            throw new CodecException(
                    "the body is not a " + typeName + " (" + e.getClass().getSimpleName() + ")", null);
        }
    }

    private static String place(TokenStreamLocation at) {
        return at == null || at.getLineNr() < 1 ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
