package io.oncemq.jackson;

import io.oncemq.CodecException;
import io.oncemq.ConfigurationException;
import java.net.MalformedURLException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads bodies of one type. Jackson's own exceptions quote the text, so they are not handed on as causes. What Jackson, or a class that
 * checks its arguments, throws says that the bytes are wrong; anything else that code of the application throws meanwhile does not.
 * Thread-safe.
 */
final class BodyReader<T> {
    private final JsonMapper mapper;
    private final JavaType type;
    private final String typeName;
    private final ObjectReader reader;

    BodyReader(JsonMapper mapper, JavaType type) {
        this.mapper = mapper;
        this.type = type;
        this.typeName = type.toCanonical();
        this.reader = mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** @throws ConfigurationException if no JSON at all becomes a body */
    void checkBuildable() {
        if (!Buildable.by(mapper, type)) {
            throw unbuildable();
        }
    }

    T read(byte[] bytes) {
        T body = parsed(bytes);
        if (body == null) {
            throw new CodecException("the body is JSON null, not a " + typeName, null);
        }
        return body;
    }

    private T parsed(byte[] bytes) {
        try {
            return reader.readValue(bytes);
        } catch (InvalidDefinitionException e) {
            throw unbuildable();
        } catch (RuntimeException e) {
            Throwable thrown = thrownByTheApplication(e);
            if (thrown != null && !saysThatAValueIsWrong(thrown)) {
                throw thrown instanceof RuntimeException unchecked
                        ? unchecked
                        : new IllegalStateException("a " + typeName + " could not be read", thrown);
            }
            throw new CodecException(
                    "the body is not a " + typeName + " (" + e.getClass().getSimpleName() + place(e) + ")", null);
        }
    }

    private ConfigurationException unbuildable() {
        return new ConfigurationException(
                "body",
                typeName,
                "cannot be built from JSON, it or something in it",
                "Give each class a constructor that Jackson can call, and each interface or abstract class @JsonTypeInfo; or register a"
                        + " deserializer with the JsonMapper");
    }

    /** The first that is not Jackson's own; null if there is none. */
    private static @Nullable Throwable thrownByTheApplication(Throwable failure) {
        Throwable each = failure;
        while (each instanceof JacksonException) {
            // The bytes lie in memory: what cannot be read there is no text.
            each = each instanceof JacksonIOException ? null : each.getCause();
        }
        return each;
    }

    private static boolean saysThatAValueIsWrong(Throwable thrown) {
        return thrown instanceof IllegalArgumentException
                || thrown instanceof NullPointerException
                || thrown instanceof DateTimeException
                || thrown instanceof ArithmeticException
                || thrown instanceof IndexOutOfBoundsException
                || thrown instanceof ClassCastException
                || thrown instanceof ClassNotFoundException
                || thrown instanceof MalformedURLException
                || thrown instanceof UnknownHostException;
    }

    private static String place(RuntimeException failure) {
        TokenStreamLocation at = failure instanceof JacksonException e ? e.getLocation() : null;
        return at == null || at.getLineNr() < 1 ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
