package io.oncemq.spring;

import io.oncemq.CodecException;
import io.oncemq.ConfigurationException;
import io.oncemq.Delivery;
import jakarta.validation.ConstraintDeclarationException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import jakarta.validation.metadata.MethodDescriptor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.validation.annotation.Validated;

/**
 * Checks the arguments of one listener method by Jakarta Validation: the constraints of its parameters and of what they contain, and the
 * body inside a delivery. What violates a constraint is refused as a codec refuses bytes, and told without its value, which may be
 * confidential. What the validator itself throws passes: a constraint that asks a database says nothing about the body when it is down.
 */
final class ConstraintCheck implements ArgumentCheck {
    private final Validator validator;
    private final Object target;
    private final Method method;
    private final boolean parameters;
    private final boolean body;
    private final Class<?>[] groups;

    private ConstraintCheck(
            Validator validator, Object target, Method method, boolean parameters, boolean body, Class<?>[] groups) {
        this.validator = validator;
        this.target = target;
        this.method = method;
        this.parameters = parameters;
        this.body = body;
        this.groups = groups;
    }

    /** {@link ArgumentCheck#NONE} where there are no constraints. */
    static ArgumentCheck of(Validator validator, Object bean, Class<?> type, Method method) {
        boolean parameters = hasConstraints(validator, type, method);
        boolean body = false;
        Class<?>[] groups = groups(method, type);
        for (int i = 0; i < method.getParameterCount(); i++) {
            MethodParameter parameter = new MethodParameter(method, i);
            Validated validated = parameter.getParameterAnnotation(Validated.class);
            boolean valid = parameter.hasParameterAnnotation(Valid.class);
            body |= (validated != null && !valid) || (valid && isWrapper(parameter.getParameterType()));
            if (validated != null && validated.value().length > 0) {
                groups = validated.value();
            }
        }
        return parameters || body
                ? new ConstraintCheck(validator, target(bean), method, parameters, body, groups)
                : ArgumentCheck.NONE;
    }

    private static boolean hasConstraints(Validator validator, Class<?> type, Method method) {
        try {
            MethodDescriptor constraints = validator
                    .getConstraintsForClass(type)
                    .getConstraintsForMethod(method.getName(), method.getParameterTypes());
            return hasContainers(method) || (constraints != null && constraints.hasConstrainedParameters());
        } catch (ConstraintDeclarationException e) {
            throw new ConfigurationException(
                    "@OnceListener",
                    ListenerMethod.signature(type, method),
                    "has constraints that cannot be checked: " + e.getMessage(),
                    "Correct them");
        }
    }

    /** Constraints of what a container contains are not told among those of its parameter. */
    private static boolean hasContainers(Method method) {
        for (Parameter parameter : method.getParameters()) {
            if (parameter.getParameterizedType() instanceof ParameterizedType && !isWrapper(parameter.getType())) {
                return true;
            }
        }
        return false;
    }

    private static Class<?>[] groups(Method method, Class<?> type) {
        Validated ofMethod = AnnotatedElementUtils.findMergedAnnotation(method, Validated.class);
        Validated validated =
                ofMethod == null ? AnnotatedElementUtils.findMergedAnnotation(type, Validated.class) : ofMethod;
        return validated == null ? new Class<?>[0] : validated.value();
    }

    private static boolean isWrapper(Class<?> type) {
        return type == Delivery.class || type.getName().equals("org.springframework.messaging.Message");
    }

    private static Object target(Object bean) {
        Object inside = AopProxyUtils.getSingletonTarget(bean);
        return inside == null ? bean : target(inside);
    }

    @Override
    public void check(@Nullable Object[] arguments, @Nullable Object value) {
        Set<ConstraintViolation<Object>> violations = new LinkedHashSet<>();
        if (parameters) {
            violations.addAll(validator.forExecutables().validateParameters(target, method, arguments, groups));
        }
        if (body && value != null) {
            violations.addAll(validator.validate(value, groups));
        }
        if (!violations.isEmpty()) {
            throw new CodecException(
                    "the body is not valid: "
                            + violations.stream()
                                    .map(ConstraintCheck::text)
                                    .sorted()
                                    .collect(Collectors.joining(", ")),
                    null);
        }
    }

    private static String text(ConstraintViolation<?> violation) {
        return path(violation.getPropertyPath()) + " ("
                + violation
                        .getConstraintDescriptor()
                        .getAnnotation()
                        .annotationType()
                        .getSimpleName() + ")";
    }

    /** Without keys of maps, which are values as well. */
    private static String path(Path path) {
        StringBuilder text = new StringBuilder();
        for (Path.Node node : path) {
            if (node.getKind() == ElementKind.METHOD) {
                continue;
            }
            text.append(node.getIndex() == null ? "" : "[" + node.getIndex() + "]")
                    .append(text.isEmpty() ? "" : ".")
                    .append(node.getName());
        }
        return text.toString();
    }
}
