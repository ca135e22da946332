package io.oncemq.jackson;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes bodies of one declared type without losing what a subclass adds. The declared type alone decides where it says more than the
 * class of a body: for itself, for containers (which know their elements' type) and where it writes type names. Thread-safe.
 */
final class BodyWriter {
    private final JsonMapper mapper;
    private final JavaType declared;
    private final ObjectWriter asDeclared;
    private final boolean always;
    private final Map<Class<?>, ObjectWriter> subclasses = new ConcurrentHashMap<>();

    BodyWriter(JsonMapper mapper, JavaType declared) {
        this.mapper = mapper;
        this.declared = declared;
        this.asDeclared = mapper.writerFor(declared);
        this.always = declared.isContainerType()
                || declared.isReferenceType()
                || declared.isEnumType()
                || declared.isFinal()
                || declared.isJavaLangObject()
                || mapper._serializationContext().findTypeSerializer(declared) != null;
    }

    byte[] write(Object body) {
        return writer(body.getClass()).writeValueAsBytes(body);
    }

    private ObjectWriter writer(Class<?> type) {
        return always || type == declared.getRawClass()
                ? asDeclared
                : subclasses.computeIfAbsent(
                        type,
                        subclass -> mapper.writerFor(
                                mapper.getTypeFactory().constructSpecializedType(declared, subclass, true)));
    }
}
