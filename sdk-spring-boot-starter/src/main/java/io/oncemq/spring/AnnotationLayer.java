package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanExpressionException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.NestedExceptionUtils;

/** Reads an annotation as the properties that it stands for, with the same conversions. */
final class AnnotationLayer {
    /** Properties, and the attributes that they are called in the annotation. */
    private static final Map<String, String> ATTRIBUTES = Map.of(
            "filter.types", "filterTypes",
            "filter.sql", "filterSql",
            "retry.max-attempts", "maxAttempts",
            "retry.initial-delay", "retryDelay",
            "retry.max-delay", "maxRetryDelay");

    private AnnotationLayer() {}

    static ListenerSettings.Layer of(OnceListener annotation, String method, ListenerTexts resolver) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("client", annotation.client());
        texts.put("destination", annotation.destination());
        texts.put("group", annotation.group());
        texts.put("auto-startup", annotation.autoStartup());
        texts.put("concurrency", annotation.concurrency());
        texts.put("ordering", annotation.ordering());
        texts.put("crash-policy", annotation.crashPolicy());
        texts.put("handler-timeout", annotation.handlerTimeout());
        texts.put("dead-letter", annotation.deadLetter());
        texts.put("on-exhausted", annotation.onExhausted());
        texts.put("filter.sql", annotation.filterSql());
        texts.put("retry.max-attempts", annotation.maxAttempts());
        texts.put("retry.initial-delay", annotation.retryDelay());
        texts.put("retry.max-delay", annotation.maxRetryDelay());
        Map<String, String> given = new LinkedHashMap<>();
        texts.forEach((name, text) -> {
            // Also where a placeholder stands for nothing, as ${name:} does: that is not given.
            String value = resolved(text, name, method, resolver);
            if (!value.isEmpty()) {
                given.put("listener." + name, value);
            }
        });
        ListenerProperties values = bound(given, method);
        if (annotation.filterTypes().length > 0) {
            values.getFilter()
                    .setTypes(Stream.of(annotation.filterTypes())
                            .map(type -> resolved(type, "filter.types", method, resolver))
                            .toList());
        }
        if (annotation.retryOn().length > 0) {
            values.getRetry().setRetryOn(Set.of(annotation.retryOn()));
        }
        if (annotation.deadLetterOn().length > 0) {
            values.getRetry().setDeadLetterOn(Set.of(annotation.deadLetterOn()));
        }
        return new ListenerSettings.Layer(values, setting -> attribute(setting) + " of @OnceListener on " + method);
    }

    static String resolved(String text, String name, String method, ListenerTexts resolver) {
        try {
            return resolver.resolve(text);
        } catch (BeanExpressionException e) {
            throw new ConfigurationException(
                    attribute(name) + " of @OnceListener on " + method,
                    text,
                    "cannot be evaluated: "
                            + NestedExceptionUtils.getMostSpecificCause(e).getMessage(),
                    "Correct the expression");
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    attribute(name) + " of @OnceListener on " + method,
                    text,
                    "has a placeholder that nothing sets",
                    "Set the property, or give a default as in ${name:default}");
        }
    }

    private static ListenerProperties bound(Map<String, String> given, String method) {
        try {
            return new Binder(new MapConfigurationPropertySource(given))
                    .bindOrCreate("listener", ListenerProperties.class);
        } catch (BindException e) {
            String name = e.getName().toString().substring("listener.".length());
            throw new ConfigurationException(
                    attribute(name) + " of @OnceListener on " + method,
                    String.valueOf(given.get(e.getName().toString())),
                    "is not a valid " + e.getTarget().getType().toClass().getSimpleName(),
                    "Write it as the property oncemq.listener." + name + " would be written");
        }
    }

    private static String attribute(String setting) {
        return ATTRIBUTES.getOrDefault(setting, camel(setting));
    }

    private static String camel(String kebab) {
        StringBuilder camel = new StringBuilder();
        for (String word : kebab.split("-", -1)) {
            camel.append(camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return camel.toString();
    }
}
