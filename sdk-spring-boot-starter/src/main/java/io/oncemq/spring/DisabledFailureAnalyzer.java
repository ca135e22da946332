package io.oncemq.spring;

import io.oncemq.MessagingClient;
import io.oncemq.Publisher;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/** Says that a client or publisher is missing because OnceMQ is turned off. */
final class DisabledFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {
    private static final Set<Class<?>> OURS = Set.of(Publisher.class, MessagingClient.class, OnceListeners.class);

    private final Environment environment;

    DisabledFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        ResolvableType type = cause.getResolvableType();
        Class<?> missing = type == null ? null : type.resolve();
        if (missing == null || !OURS.contains(missing)) {
            return null;
        }
        if (environment.getProperty("oncemq.enabled", Boolean.class, true)) {
            return null;
        }
        return new FailureAnalysis(
                "There is no " + missing.getSimpleName() + " because oncemq.enabled is false: " + cause.getMessage(),
                "Set oncemq.enabled=true, or inject it as ObjectProvider<" + missing.getSimpleName()
                        + "> where the application is to run without OnceMQ.",
                cause);
    }
}
