package io.oncemq.spring;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.Publisher;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Tells a native image which types are read and written by reflection: the bodies of listeners and of injected publishers. */
final class BodyHints implements BeanRegistrationAotProcessor {
    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Type[] bodies = bodies(ClassUtils.getUserClass(bean.getBeanClass())).toArray(Type[]::new);
        if (bodies.length == 0) {
            return null;
        }
        return (context, code) -> new BindingReflectionHintsRegistrar()
                .registerReflectionHints(context.getRuntimeHints().reflection(), bodies);
    }

    private static Set<Type> bodies(Class<?> type) {
        Set<Type> bodies = new LinkedHashSet<>();
        List<Executable> all = new ArrayList<>(List.of(type.getDeclaredConstructors()));
        all.addAll(List.of(ReflectionUtils.getUniqueDeclaredMethods(type)));
        for (Executable each : all) {
            boolean listener = each instanceof Method && has(each, OnceListener.class);
            for (int i = 0; i < each.getParameterCount(); i++) {
                MethodParameter parameter =
                        MethodParameter.forExecutable(each, i).withContainingClass(type);
                ResolvableType declared = ConcreteTypes.of(ResolvableType.forMethodParameter(parameter));
                if (parameter.hasParameterAnnotation(OncePublisher.class)) {
                    add(declared.as(Publisher.class).getGeneric(0), bodies);
                } else if (listener && isWrapper(declared.toClass())) {
                    add(declared.getGeneric(0), bodies);
                } else if (listener && declared.toClass() != Headers.class) {
                    add(declared, bodies);
                }
            }
        }
        ReflectionUtils.doWithFields(type, field -> add(published(field, type), bodies), BodyHints::isPublisher);
        return bodies;
    }

    private static boolean isWrapper(Class<?> type) {
        return type == Delivery.class || type.getName().equals("org.springframework.messaging.Message");
    }

    private static boolean isPublisher(Field field) {
        return has(field, OncePublisher.class);
    }

    private static ResolvableType published(Field field, Class<?> type) {
        return ResolvableType.forField(field, type).as(Publisher.class).getGeneric(0);
    }

    private static boolean has(AnnotatedElement element, Class<? extends Annotation> annotation) {
        return AnnotatedElementUtils.hasAnnotation(element, annotation);
    }

    private static void add(ResolvableType body, Set<Type> bodies) {
        Class<?> type = body.resolve();
        if (type != null && type != String.class && type != byte[].class) {
            bodies.add(body.getType());
        }
    }
}
