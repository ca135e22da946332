package io.oncemq.spring;

import io.oncemq.Codec;
import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.jackson.Json;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.json.JsonMapper;

/** Bytes and text as they are, then a {@link Codec} bean of just this type, then JSON by the application's mapper. */
final class BodyCodecs implements CodecResolver {
    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<JsonMapper> mapper;

    BodyCodecs(ConfigurableListableBeanFactory beans, ObjectProvider<JsonMapper> mapper) {
        this.beans = beans;
        this.mapper = mapper;
    }

    @Override
    public Codec<?> resolve(ResolvableType body) {
        if (body.getType() instanceof WildcardType || body.getType() instanceof TypeVariable) {
            throw new ConfigurationException(
                    "body", body, "does not name the type of the body", "Write a type, such as Delivery<Order>");
        }
        Codec<?> declared = declared(body);
        if (declared != null) {
            return declared;
        }
        if (body.resolve() == byte[].class) {
            return Codecs.bytes();
        }
        if (body.resolve() == String.class) {
            return Codecs.string();
        }
        JsonMapper json = mapper.getIfUnique();
        if (json == null) {
            boolean several = mapper.stream().findAny().isPresent();
            throw new ConfigurationException(
                    "body",
                    body,
                    "has no codec: the application "
                            + (several
                                    ? "has several JsonMapper beans, none of them @Primary"
                                    : "has no JsonMapper bean")
                            + ", and no Codec<" + body + "> bean",
                    several
                            ? "Mark one JsonMapper with @Primary, or declare the codec"
                            : "Leave JacksonAutoConfiguration on, or declare one of the two");
        }
        return Json.of(json.constructType(body.getType()), json);
    }

    private @Nullable Codec<?> declared(ResolvableType body) {
        String[] names = beans.getBeanNamesForType(ResolvableType.forClassWithGenerics(Codec.class, body));
        if (names.length > 1) {
            throw new ConfigurationException(
                    "body", body, "has several codecs: " + String.join(", ", names), "Declare one Codec<" + body + ">");
        }
        return names.length == 0 ? null : beans.getBean(names[0], Codec.class);
    }
}
