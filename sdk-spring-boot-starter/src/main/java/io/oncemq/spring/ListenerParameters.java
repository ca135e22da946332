package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.Delivery;
import io.oncemq.Headers;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Reads the parameters of a listener method: what each of them gets, and of which type bodies are. */
final class ListenerParameters {
    private static final boolean MESSAGING =
            ClassUtils.isPresent("org.springframework.messaging.Message", ListenerParameters.class.getClassLoader());

    private final Class<?> type;
    private final Method method;
    private final ListenerTexts texts;
    private final List<ListenerArgument> arguments = new ArrayList<>();
    private @Nullable ResolvableType body;
    private @Nullable ResolvableType wrapped;

    private ListenerParameters(Class<?> type, Method method, ListenerTexts texts) {
        this.type = type;
        this.method = method;
        this.texts = texts;
    }

    /**
     * @param type the bean's class behind its proxies, which fills in type variables
     * @throws ConfigurationException if a parameter cannot be given, or none says what bodies are
     */
    static ListenerParameters of(Class<?> type, Method method, ListenerTexts texts) {
        ListenerParameters parameters = new ListenerParameters(type, method, texts);
        DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
        for (int i = 0; i < method.getParameterCount(); i++) {
            MethodParameter parameter = new MethodParameter(method, i).withContainingClass(type);
            parameter.initParameterNameDiscovery(names);
            parameters.add(parameter);
        }
        parameters.requireBody();
        return parameters;
    }

    private void add(MethodParameter parameter) {
        ResolvableType declared = ConcreteTypes.of(ResolvableType.forMethodParameter(parameter));
        if (declared.toClass() == Delivery.class) {
            wrap(declared, "delivery");
            arguments.add(delivery -> delivery);
        } else if (declared.toClass() == Headers.class) {
            arguments.add(Delivery::headers);
        } else {
            arguments.add(other(parameter, declared));
        }
    }

    private ListenerArgument other(MethodParameter parameter, ResolvableType declared) {
        if (MESSAGING && MessagingArguments.isHeader(parameter)) {
            return MessagingArguments.header(parameter, texts, this::refused);
        }
        if (MESSAGING && MessagingArguments.isMessage(declared)) {
            wrap(declared, "message");
            return MessagingArguments::message;
        }
        if (body != null) {
            throw refused("has two parameters for the body", "Take one body, one Delivery<Body> and Headers at most");
        }
        body = declared;
        return Delivery::body;
    }

    private void wrap(ResolvableType declared, String what) {
        if (wrapped != null) {
            throw refused(
                    "has two parameters for the " + what, "Take one body, one Delivery<Body> and Headers at most");
        }
        wrapped = declared.getGeneric(0);
    }

    private void requireBody() {
        ResolvableType own = body;
        ResolvableType inside = wrapped;
        if (own == null && (inside == null || isOpen(inside))) {
            throw refused(
                    "does not name the type of the body",
                    "Take a parameter of the body's type, or Delivery<Body> with that type");
        }
        if (own == null) {
            return;
        }
        if (inside != null && !isOpen(inside) && !inside.getType().equals(own.getType())) {
            throw refused("takes the body as " + own + " and as Delivery<" + inside + ">", "Use one type for both");
        }
        if (own.toClass().isPrimitive()) {
            throw refused("takes a primitive body, and a tombstone has none", "Use the wrapper type");
        }
    }

    /** A raw Delivery, or one of a wildcard. */
    private static boolean isOpen(ResolvableType type) {
        return type.resolve() == null;
    }

    private ConfigurationException refused(String problem, String remedy) {
        return ListenerMethod.refused(type, method, problem, remedy);
    }

    ResolvableType body() {
        ResolvableType own = body;
        return own == null ? Objects.requireNonNull(wrapped) : own;
    }

    @Nullable
    Object[] values(Delivery<?> delivery) {
        @Nullable Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i).of(delivery);
        }
        return values;
    }
}
