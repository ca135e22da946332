package io.oncemq.jackson;

import java.io.Serializable;
import java.util.Set;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.deser.impl.UnsupportedTypeDeserializer;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

/** Tells types apart that no JSON ever becomes: an interface without type names, a class that nothing can construct. */
final class Buildable {
    /** Interfaces that a JSON text or number has by itself. */
    private static final Set<Class<?>> NATURAL = Set.of(CharSequence.class, Comparable.class, Serializable.class);

    private Buildable() {}

    /** Whether a mapper can build a type, and what it contains if it is a container; properties are not looked at. */
    static boolean by(JsonMapper mapper, JavaType type) {
        try {
            ValueDeserializer<Object> root = mapper._deserializationContext().findRootValueDeserializer(type);
            JavaType content = type.getContentType();
            return builds(root, type) && (content == null || by(mapper, content));
        } catch (InvalidDefinitionException e) {
            return false;
        }
    }

    private static boolean builds(ValueDeserializer<?> deserializer, JavaType type) {
        if (deserializer instanceof AbstractDeserializer) {
            return NATURAL.contains(type.getRawClass());
        }
        return !(deserializer instanceof UnsupportedTypeDeserializer)
                && (!(deserializer instanceof BeanDeserializerBase bean)
                        || bean.getValueInstantiator().canInstantiate());
    }
}
