package io.oncemq.spring;

import org.springframework.core.ResolvableType;

/** Puts types in place of type variables, as a class fills in those that it inherits: {@code List<T>} becomes {@code List<Order>}. */
final class ConcreteTypes {
    private ConcreteTypes() {}

    /** The same type where a variable stands for nothing in particular. */
    static ResolvableType of(ResolvableType type) {
        Class<?> raw = type.resolve();
        if (raw == null || type.getType() instanceof Class) {
            return type;
        }
        if (type.isArray()) {
            return ResolvableType.forArrayComponent(of(type.getComponentType()));
        }
        ResolvableType[] generics = type.getGenerics();
        if (generics.length == 0) {
            return ResolvableType.forClass(raw);
        }
        ResolvableType[] filled = new ResolvableType[generics.length];
        for (int i = 0; i < generics.length; i++) {
            filled[i] = of(generics[i]);
        }
        return ResolvableType.forClassWithGenerics(raw, filled);
    }
}
