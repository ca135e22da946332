package io.oncemq.spring;

import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Headers;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses bodies that do not pass Jakarta Validation, as a codec refuses bytes: to the dead letter, without retries. Names the
 * constraints, and no values: they may be confidential.
 */
final class ValidatingCodec<T> implements Codec<T> {
    private final Codec<T> codec;
    private final Validator validator;

    ValidatingCodec(Codec<T> codec, Validator validator) {
        this.codec = codec;
        this.validator = validator;
    }

    @Override
    public byte[] encode(T body) {
        return codec.encode(body);
    }

    @Override
    public T decode(byte[] bytes, Headers headers) {
        T body = codec.decode(bytes, headers);
        Set<ConstraintViolation<T>> violations = validator.validate(body);
        if (!violations.isEmpty()) {
            throw new CodecException("the body is not valid: " + text(violations), null);
        }
        return body;
    }

    private static <T> String text(Set<ConstraintViolation<T>> violations) {
        return violations.stream()
                .map(violation -> violation.getPropertyPath() + " ("
                        + violation
                                .getConstraintDescriptor()
                                .getAnnotation()
                                .annotationType()
                                .getSimpleName()
                        + ")")
                .sorted()
                .collect(Collectors.joining(", "));
    }

    @Override
    public String contentType() {
        return codec.contentType();
    }
}
