package io.oncemq.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.CodecException;
import io.oncemq.ConfigurationException;
import io.oncemq.Delivery;
import io.oncemq.Headers;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.ValueConstants;
import org.springframework.messaging.support.GenericMessage;

/** Parameters as Spring Messaging has them. Loaded only where it is. */
final class MessagingArguments {
    private static final int UUID_LENGTH = 36;

    /** For {@link MessageHeaders}: no time stamp. */
    private static final long ABSENT = -1;

    private MessagingArguments() {}

    static boolean isHeader(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(Header.class)
                || parameter.hasParameterAnnotation(org.springframework.messaging.handler.annotation.Headers.class)
                || parameter.getParameterType() == MessageHeaders.class;
    }

    static boolean isMessage(ResolvableType declared) {
        return declared.toClass() == Message.class;
    }

    /** @param refused makes an exception of a problem and its remedy */
    static ListenerArgument header(
            MethodParameter parameter,
            ListenerTexts texts,
            BiFunction<String, String, ConfigurationException> refused) {
        Header annotation = parameter.getParameterAnnotation(Header.class);
        if (annotation == null) {
            throw refused.apply("takes all headers as a map", "Take io.oncemq.Headers, or a @Header for each one");
        }
        String given =
                annotation.name().isEmpty() ? texts.resolve(annotation.value()) : texts.resolve(annotation.name());
        String name = given.isEmpty() ? parameter.getParameterName() : given;
        if (name == null) {
            throw refused.apply("has a @Header without a name", "Name it, as @Header(\"tenant\")");
        }
        boolean hasDefault = !annotation.defaultValue().equals(ValueConstants.DEFAULT_NONE);
        String otherwise = hasDefault ? texts.resolve(annotation.defaultValue()) : null;
        boolean required = annotation.required() && !hasDefault && !parameter.isOptional();
        if (!required && !hasDefault && parameter.getParameterType().isPrimitive()) {
            throw refused.apply(
                    "has an optional @Header of a primitive type, which cannot be absent",
                    "Give it a default value, or take an object, such as Boolean");
        }
        return new OneHeader(name, otherwise, required, new TypeDescriptor(parameter), texts.conversion());
    }

    private record OneHeader(
            String name,
            @Nullable String otherwise,
            boolean required,
            TypeDescriptor type,
            ConversionService conversion)
            implements ListenerArgument {
        @Override
        public @Nullable Object of(Delivery<?> delivery) {
            if (name.equals(OnceListener.MESSAGE_ID)) {
                return converted(delivery.id());
            }
            Headers headers = delivery.headers();
            if (type.getType() == byte[].class && headers.contains(name)) {
                return headers.bytes(name);
            }
            String text = headers.contains(name) ? headers.text(name) : otherwise;
            if (text == null && required) {
                throw new CodecException("the message has no header " + name, null);
            }
            return converted(text);
        }

        private @Nullable Object converted(@Nullable String text) {
            try {
                return conversion.convert(text, TypeDescriptor.valueOf(String.class), type);
            } catch (ConversionException e) {
                throw wrong(e);
            }
        }

        /** A converter may ask a database, and its failure says nothing about the header. */
        private RuntimeException wrong(ConversionException failure) {
            Throwable cause = failure.getCause();
            boolean ofTheValue = cause == null
                    || cause instanceof IllegalArgumentException
                    || cause instanceof DateTimeException
                    || cause instanceof ConversionException;
            return ofTheValue
                    ? new CodecException(
                            "the header " + name + " is not a " + type.getType().getSimpleName(), null)
                    : failure;
        }
    }

    static Object message(Delivery<?> delivery) {
        Object body = delivery.body();
        if (body == null) {
            throw new CodecException("the message has no body, and a Message<Body> needs one", null);
        }
        Map<String, Object> headers = new HashMap<>();
        for (String name : delivery.headers().names()) {
            headers.put(name, String.valueOf(delivery.headers().text(name)));
        }
        headers.put(OnceListener.MESSAGE_ID, delivery.id());
        return new GenericMessage<>(body, new OfDelivery(headers, delivery));
    }

    /** With an id and a time stamp of the message, and not of its conversion. */
    private static final class OfDelivery extends MessageHeaders {
        private static final long serialVersionUID = 1L;

        OfDelivery(Map<String, Object> headers, Delivery<?> delivery) {
            super(
                    headers,
                    uuid(delivery.id()),
                    delivery.timestamp().toEpochMilli() > 0
                            ? delivery.timestamp().toEpochMilli()
                            : ABSENT);
        }

        /** The id itself where it is a UUID as Java writes it; else one that is derived from it. */
        private static UUID uuid(String id) {
            if (id.length() == UUID_LENGTH) {
                try {
                    UUID known = UUID.fromString(id);
                    if (known.toString().equals(id)) {
                        return known;
                    }
                } catch (IllegalArgumentException notOne) {
                    return derived(id);
                }
            }
            return derived(id);
        }

        private static UUID derived(String id) {
            return UUID.nameUUIDFromBytes(id.getBytes(UTF_8));
        }
    }
}
