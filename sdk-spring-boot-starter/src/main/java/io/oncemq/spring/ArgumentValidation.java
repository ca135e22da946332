package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import jakarta.validation.Validator;
import java.lang.reflect.Method;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.util.ClassUtils;

/** Makes the checks of listener methods whose parameters ask for validation. */
final class ArgumentValidation {
    private static final boolean PRESENT =
            ClassUtils.isPresent("jakarta.validation.Validator", ArgumentValidation.class.getClassLoader());

    private final BeanFactory beans;

    ArgumentValidation(BeanFactory beans) {
        this.beans = beans;
    }

    /**
     * @param type the bean's class behind its proxies
     * @throws ConfigurationException if validation is asked for, and cannot be had
     */
    ArgumentCheck of(Object bean, Class<?> type, Method declared) {
        ArgumentCheck check = PRESENT ? WithValidator.of(bean, type, declared, beans) : ArgumentCheck.NONE;
        if (check == ArgumentCheck.NONE && isAsked(declared)) {
            throw new ConfigurationException(
                    "@Valid",
                    ListenerMethod.signature(type, declared),
                    "needs validation, and the application has no Validator bean",
                    "Add spring-boot-starter-validation, or remove the annotation");
        }
        return check;
    }

    /** By name, since Jakarta Validation may be absent; Spring's own {@code @Validated} counts as well, and so does every constraint. */
    static boolean isAsked(Method declared) {
        for (int i = 0; i < declared.getParameterCount(); i++) {
            if (isAsked(new MethodParameter(declared, i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAsked(MethodParameter parameter) {
        for (var annotation : parameter.getParameterAnnotations()) {
            Class<?> type = annotation.annotationType();
            String name = type.getSimpleName();
            if (name.equals("Valid") || name.equals("Validated")) {
                return true;
            }
            for (var meta : type.getAnnotations()) {
                if (meta.annotationType().getName().equals("jakarta.validation.Constraint")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Loaded only where Jakarta Validation is. */
    private static final class WithValidator {
        static ArgumentCheck of(Object bean, Class<?> type, Method declared, BeanFactory beans) {
            Validator validator = beans.getBeanProvider(Validator.class).getIfAvailable();
            return validator == null ? ArgumentCheck.NONE : ConstraintCheck.of(validator, bean, type, declared);
        }
    }
}
