package io.oncemq.spring;

import io.oncemq.Codec;
import org.springframework.core.ResolvableType;

/** Finds the codec for bodies of listeners and injected publishers. Declare a bean of this type to replace the one that is there. */
@FunctionalInterface
public interface CodecResolver {
    /**
     * @param body the type of the body, generics included
     * @throws io.oncemq.ConfigurationException if there is none for it
     */
    Codec<?> resolve(ResolvableType body);
}
