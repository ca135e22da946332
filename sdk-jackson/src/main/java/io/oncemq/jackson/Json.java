package io.oncemq.jackson;

import io.oncemq.Codec;
import java.lang.reflect.Type;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Codecs for bodies in JSON, with Jackson's defaults or a mapper of the application's own. They are thread-safe. A body that
 * cannot be decoded raises a {@link io.oncemq.CodecException} that names the type and the place in the text, and never what
 * stands there: messages may be confidential, and exceptions are logged.
 */
public final class Json {
    private Json() {}

    public static <T> Codec<T> of(Class<T> type) {
        return of(type, JsonMapper.shared());
    }

    public static <T> Codec<T> of(Class<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper, mapper.constructType(type));
    }

    /** For generic bodies, as {@code new TypeReference<List<Order>>() {}}. */
    public static <T> Codec<T> of(TypeReference<T> type) {
        return of(type, JsonMapper.shared());
    }

    public static <T> Codec<T> of(TypeReference<T> type, JsonMapper mapper) {
        Type reflected = type.getType();
        return new JsonCodec<>(mapper, mapper.constructType(reflected));
    }

    /** For types that are known at run time only; the caller answers for {@code T}. */
    public static <T> Codec<T> of(JavaType type) {
        return of(type, JsonMapper.shared());
    }

    public static <T> Codec<T> of(JavaType type, JsonMapper mapper) {
        return new JsonCodec<>(mapper, type);
    }
}
