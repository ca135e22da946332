package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.Delivery;
import io.oncemq.Headers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** One listener method of one bean, its signature checked, ready to be called. Thread-safe. */
final class ListenerMethod {
    private enum Argument {
        BODY,
        DELIVERY,
        HEADERS
    }

    private final Object bean;
    private final Method method;
    private final List<Argument> arguments;
    private final ResolvableType body;
    private final boolean validated;

    private ListenerMethod(
            Object bean, Method method, List<Argument> arguments, ResolvableType body, boolean validated) {
        this.bean = bean;
        this.method = method;
        this.arguments = arguments;
        this.body = body;
        this.validated = validated;
    }

    /**
     * @param type the bean's class behind its proxies
     * @throws ConfigurationException if the signature cannot be used
     */
    static ListenerMethod of(Object bean, Class<?> type, Method declared) {
        if (Modifier.isPrivate(declared.getModifiers()) || Modifier.isStatic(declared.getModifiers())) {
            throw refused(type, declared, "is private or static", "Make it an instance method that is not private");
        }
        boolean stage = CompletionStage.class.isAssignableFrom(declared.getReturnType());
        if (!stage && declared.getReturnType() != void.class) {
            throw refused(
                    type,
                    declared,
                    "returns " + declared.getReturnType().getSimpleName() + ", which would be dropped",
                    "Return void or a CompletionStage, and publish by Delivery.publish");
        }
        Method method = invocable(bean, type, declared);
        ReflectionUtils.makeAccessible(method);
        return parsed(bean, type, declared, method);
    }

    private static Method invocable(Object bean, Class<?> type, Method declared) {
        try {
            return AopUtils.selectInvocableMethod(declared, bean.getClass());
        } catch (IllegalStateException e) {
            throw refused(
                    type,
                    declared,
                    "is not part of the interfaces that the bean's proxy has",
                    "Add it to one of them, or proxy the class (spring.aop.proxy-target-class=true)");
        }
    }

    private static ListenerMethod parsed(Object bean, Class<?> type, Method declared, Method method) {
        List<Argument> arguments = new ArrayList<>();
        ResolvableType body = null;
        ResolvableType delivered = null;
        boolean validated = false;
        for (int i = 0; i < declared.getParameterCount(); i++) {
            ResolvableType parameter = ResolvableType.forMethodParameter(declared, i, type);
            Argument argument = argument(parameter);
            if (argument != Argument.HEADERS && arguments.contains(argument)) {
                throw refused(
                        type,
                        declared,
                        "has two parameters for the " + (argument == Argument.BODY ? "body" : "delivery"),
                        "Take one body, one Delivery<Body> and Headers at most");
            }
            arguments.add(argument);
            if (argument == Argument.BODY) {
                body = parameter;
            } else if (argument == Argument.DELIVERY) {
                delivered = parameter.getGeneric(0);
            }
            validated |= argument != Argument.HEADERS && isValidated(new MethodParameter(declared, i));
        }
        return new ListenerMethod(bean, method, arguments, bodyOf(type, declared, body, delivered), validated);
    }

    private static ResolvableType bodyOf(
            Class<?> type, Method declared, @Nullable ResolvableType body, @Nullable ResolvableType delivered) {
        if (body == null) {
            if (delivered == null || isOpen(delivered)) {
                throw refused(
                        type,
                        declared,
                        "does not name the type of the body",
                        "Take a parameter of the body's type, or Delivery<Body> with that type");
            }
            return delivered;
        }
        if (delivered != null && !isOpen(delivered) && !delivered.getType().equals(body.getType())) {
            throw refused(
                    type,
                    declared,
                    "takes the body as " + body + " and as Delivery<" + delivered + ">",
                    "Use one type for both");
        }
        if (body.toClass().isPrimitive()) {
            throw refused(type, declared, "takes a primitive body, and a tombstone has none", "Use the wrapper type");
        }
        return body;
    }

    /** A raw Delivery, or one of a wildcard. */
    private static boolean isOpen(ResolvableType delivered) {
        return delivered.resolve() == null;
    }

    private static Argument argument(ResolvableType parameter) {
        if (parameter.toClass() == Delivery.class) {
            return Argument.DELIVERY;
        }
        return parameter.toClass() == Headers.class ? Argument.HEADERS : Argument.BODY;
    }

    /** By name, since Jakarta Validation may be absent; Spring's own {@code @Validated} counts as well. */
    private static boolean isValidated(MethodParameter parameter) {
        for (var annotation : parameter.getParameterAnnotations()) {
            String name = annotation.annotationType().getSimpleName();
            if (name.equals("Valid") || name.equals("Validated")) {
                return true;
            }
        }
        return false;
    }

    private static ConfigurationException refused(Class<?> type, Method method, String problem, String remedy) {
        return new ConfigurationException("@OnceListener", signature(type, method), problem, remedy);
    }

    static String signature(Class<?> type, Method method) {
        StringBuilder text = new StringBuilder(ClassUtils.getShortName(type))
                .append('.')
                .append(method.getName())
                .append('(');
        for (int i = 0; i < method.getParameterCount(); i++) {
            text.append(i == 0 ? "" : ", ").append(method.getParameterTypes()[i].getSimpleName());
        }
        return text.append(')').toString();
    }

    ResolvableType body() {
        return body;
    }

    /** Whether bodies are to be validated. */
    boolean validated() {
        return validated;
    }

    boolean async() {
        return method.getReturnType() != void.class;
    }

    /** Throws what the method throws. */
    void handle(Delivery<?> delivery) throws Exception {
        call(delivery);
    }

    CompletionStage<?> handleAsync(Delivery<?> delivery) throws Exception {
        Object stage = call(delivery);
        if (stage == null) {
            throw new IllegalStateException(method.getName() + " returned null instead of a stage");
        }
        return (CompletionStage<?>) stage;
    }

    private @Nullable Object call(Delivery<?> delivery) throws Exception {
        Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (arguments.get(i)) {
                case BODY -> delivery.body();
                case DELIVERY -> delivery;
                case HEADERS -> delivery.headers();
            };
        }
        try {
            return method.invoke(bean, values);
        } catch (InvocationTargetException e) {
            ReflectionUtils.rethrowException(e.getTargetException());
            throw e;
        }
    }
}
