package io.oncemq.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.oncemq.micrometer.OnceMqMetrics;
import io.oncemq.micrometer.OnceMqObservations;
import io.oncemq.micrometer.ProcessObservationConvention;
import io.oncemq.micrometer.PublishObservationConvention;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Metrics and observations of every client, where sdk-micrometer and a registry are. Convention beans name observations otherwise. */
@AutoConfiguration(
        before = OnceMqAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnClass(OnceMqMetrics.class)
@ConditionalOnBooleanProperty(name = "oncemq.enabled", matchIfMissing = true)
public final class OnceMqMicrometerAutoConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(MeterRegistry.class)
    static class Metrics {
        @Bean
        MessagingClientCustomizer oncemqMetrics(MeterRegistry registry) {
            OnceMqMetrics metrics = OnceMqMetrics.on(registry);
            return (client, builder) -> metrics.addTo(builder);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(ObservationRegistry.class)
    static class Observations {
        @Bean
        MessagingClientCustomizer oncemqObservations(
                ObservationRegistry registry,
                ObjectProvider<PublishObservationConvention> publishing,
                ObjectProvider<ProcessObservationConvention> processing,
                ObjectProvider<ObservationHandler<?>> handlers) {
            OnceMqObservations plain = OnceMqObservations.on(registry);
            PublishObservationConvention publish = publishing.getIfAvailable();
            OnceMqObservations named = publish == null ? plain : plain.publishConvention(publish);
            ProcessObservationConvention process = processing.getIfAvailable();
            OnceMqObservations observations = process == null ? named : named.processConvention(process);
            return (client, builder) -> {
                if (!onlyMeasured(handlers)) {
                    observations.addTo(builder);
                }
            };
        }

        /** Timers of observations would only repeat what {@link OnceMqMetrics} measures, at a cost for each message. */
        private static boolean onlyMeasured(ObjectProvider<ObservationHandler<?>> handlers) {
            List<ObservationHandler<?>> known = handlers.stream().toList();
            return !known.isEmpty() && known.stream().allMatch(MeterObservationHandler.class::isInstance);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.micrometer.tracing.handler.TracingObservationHandler")
    static class Linking {
        @Bean
        static LinkingOrder oncemqLinkingOrder() {
            return new LinkingOrder();
        }
    }
}
