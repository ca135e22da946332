package io.oncemq.spring;

import io.oncemq.Codec;
import io.oncemq.ConfigurationException;
import jakarta.validation.Validator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/** Adds validation to a codec, where there is any. */
final class BodyValidation {
    private final BeanFactory beans;

    BodyValidation(BeanFactory beans) {
        this.beans = beans;
    }

    /** @param listener who asked for it */
    Codec<?> validating(Codec<?> codec, String listener) {
        Supplier<@Nullable Codec<?>> wrapped =
                ClassUtils.isPresent("jakarta.validation.Validator", getClass().getClassLoader())
                        ? () -> WithValidator.wrap(codec, beans)
                        : () -> null;
        Codec<?> validating = wrapped.get();
        if (validating == null) {
            throw new ConfigurationException(
                    "@Valid",
                    listener,
                    "needs validation, and the application has no Validator bean",
                    "Add spring-boot-starter-validation, or remove the annotation");
        }
        return validating;
    }

    /** Loaded only where Jakarta Validation is. */
    private static final class WithValidator {
        static @Nullable Codec<?> wrap(Codec<?> codec, BeanFactory beans) {
            Validator validator = beans.getBeanProvider(Validator.class).getIfAvailable();
            return validator == null ? null : new ValidatingCodec<>(codec, validator);
        }
    }
}
