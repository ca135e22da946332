package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.micrometer.LinkingProcessHandler;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** OnceMQ's observations among the handlers that Spring Boot and applications declare. */
class ObservationHandlersTest {
    private final Toys toys = new Toys();
    private final ObservationRegistry registry = ObservationRegistry.create();

    /** As Boot's auto-configuration of Micrometer Tracing has it. */
    @Configuration(proxyBeanMethods = false)
    static class BootsReceiver {
        @Bean
        @ConditionalOnMissingBean
        @Order(1000)
        PropagatingReceiverTracingObservationHandler<?> receiver() {
            return new PropagatingReceiverTracingObservationHandler<>(Tracer.NOOP, Propagator.NOOP);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {
        @Bean
        LinkingProcessHandler linking() {
            return new LinkingProcessHandler(Tracer.NOOP, Propagator.NOOP);
        }
    }

    private ApplicationContextRunner application() {
        return toys.application("billing", "orders")
                .withConfiguration(AutoConfigurations.of(OnceMqMicrometerAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(ObservationRegistry.class, () -> registry);
    }

    @Test
    void aLinkingBeanLeavesBootsReceiverInPlaceAndComesBeforeIt() {
        application()
                .withUserConfiguration(Own.class)
                .withConfiguration(AutoConfigurations.of(BootsReceiver.class))
                .run(context -> assertThat(context.getBeanProvider(ObservationHandler.class)
                                .orderedStream())
                        .extracting(handler -> (Object) handler.getClass())
                        .containsExactly(
                                LinkingProcessHandler.class, PropagatingReceiverTracingObservationHandler.class));
    }

    private void observes(ApplicationContextRunner application, boolean expected) {
        boolean[] observed = {false};
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStart(Observation.Context context) {
                observed[0] = true;
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        application.run(context -> {
            context.getBean(MessagingClient.class)
                    .publisher("orders", Codecs.string())
                    .publish(OutboundMessage.of("a"))
                    .join();
            assertThat(observed[0]).isEqualTo(expected);
        });
    }

    @Test
    void nothingIsObservedWhereOnlyMetersWouldListen() {
        observes(
                application()
                        .withBean(
                                DefaultMeterObservationHandler.class,
                                () -> new DefaultMeterObservationHandler(new SimpleMeterRegistry())),
                false);
    }

    static class RefusesBad {
        @OnceListener(destination = "orders", group = "billing", maxAttempts = "1")
        void on(String body) {
            if (body.equals("bad")) {
                throw new IllegalArgumentException("secret");
            }
        }
    }

    /** Boot's registry and meters: the tag error is Micrometer's own; error.type is for spans, where a success has none. */
    @Test
    void timersHaveTheLowCardinalityValuesAndMicrometersTagOfAnError() {
        toys.application("billing", "orders")
                .withConfiguration(AutoConfigurations.of(
                        OnceMqMicrometerAutoConfiguration.class,
                        ObservationAutoConfiguration.class,
                        MetricsAutoConfiguration.class,
                        SimpleMetricsExportAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class))
                .withUserConfiguration(Own.class)
                .withBean(RefusesBad.class)
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    for (String body : List.of("good", "bad")) {
                        context.getBean(MessagingClient.class)
                                .publisher("orders", Codecs.string())
                                .publish(OutboundMessage.of(body).id(body))
                                .join();
                    }
                    String publish = "error=none messaging.destination.name=orders messaging.operation.name=send"
                            + " messaging.operation.type=send messaging.system=toy";
                    String process = " messaging.consumer.group.name=billing messaging.destination.name=orders"
                            + " messaging.operation.name=process messaging.operation.type=process messaging.system=toy";
                    await().atMost(Duration.ofMinutes(1))
                            .untilAsserted(() -> assertThat(tags(meters, "oncemq.process"))
                                    .containsExactlyInAnyOrder(
                                            "error=none" + process, "error=FailureWithoutText" + process));
                    assertThat(tags(meters, "oncemq.publish")).containsExactly(publish);
                });
    }

    private static List<String> tags(MeterRegistry meters, String timer) {
        return meters.find(timer).timers().stream()
                .map(each -> each.getId().getTags().stream()
                        .map(tag -> tag.getKey() + "=" + tag.getValue())
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    @Test
    void messagesAreObservedWhereSomethingElseListens() {
        observes(
                application()
                        .withUserConfiguration(Own.class)
                        .withBean(
                                DefaultMeterObservationHandler.class,
                                () -> new DefaultMeterObservationHandler(new SimpleMeterRegistry())),
                true);
    }
}
