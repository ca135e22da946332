package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.micrometer.ProcessObservationConvention;
import io.oncemq.micrometer.PublishObservationConvention;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MicrometerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Toys toys = new Toys();

    static class Handler {
        @OnceListener(destination = "orders", group = "billing")
        void on(String body) {}
    }

    private final List<String> observed = new CopyOnWriteArrayList<>();

    private ApplicationContextRunner application() {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStop(Observation.Context context) {
                observed.add(context.getContextualName() + " as " + context.getName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        return toys.application("billing", "orders")
                .withConfiguration(AutoConfigurations.of(OnceMqMicrometerAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(ObservationRegistry.class, () -> observations)
                .withBean(Handler.class);
    }

    private static void publish(MessagingClient client, String destination) {
        client.publisher(destination, Codecs.string())
                .publish(OutboundMessage.of("a").id("1"))
                .join();
    }

    @Test
    void everyClientIsMeasuredAndObserved() {
        toys.broker().create("trail");
        application()
                .withPropertyValues(
                        "oncemq.clients.audit.transport=" + toys.uri(),
                        "oncemq.clients.audit.without-idempotency=true",
                        "oncemq.clients.audit.profile=DEV")
                .run(context -> {
                    publish(context.getBean("messagingClient", MessagingClient.class), "orders");
                    publish(context.getBean("auditMessagingClient", MessagingClient.class), "trail");
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    await().atMost(PATIENCE).untilAsserted(() -> {
                        assertThat(meters.find("messaging.client.sent.messages").counters())
                                .extracting(counter -> counter.getId().getTag("messaging.destination.name"))
                                .containsExactlyInAnyOrder("orders", "trail");
                        assertThat(meters.find("messaging.process.duration").timer())
                                .isNotNull();
                        assertThat(observed)
                                .containsExactlyInAnyOrder(
                                        "send orders as oncemq.publish",
                                        "send trail as oncemq.publish",
                                        "process orders as oncemq.process");
                    });
                });
    }

    @Test
    void conventionBeansNameObservations() {
        application()
                .withBean(PublishObservationConvention.class, () -> new PublishObservationConvention() {
                    @Override
                    public String getName() {
                        return "shop.publish";
                    }
                })
                .withBean(ProcessObservationConvention.class, () -> new ProcessObservationConvention() {
                    @Override
                    public String getName() {
                        return "shop.process";
                    }
                })
                .run(context -> {
                    publish(context.getBean(MessagingClient.class), "orders");
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(observed)
                                    .containsExactlyInAnyOrder(
                                            "send orders as shop.publish", "process orders as shop.process"));
                });
    }

    @Test
    void nothingIsMeasuredWithoutARegistry() {
        toys.application("billing", "orders")
                .withConfiguration(AutoConfigurations.of(OnceMqMicrometerAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessagingClientCustomizer.class));
    }

    @Test
    void nothingIsMeasuredWithoutTheModule() {
        application()
                .withClassLoader(new FilteredClassLoader("io.oncemq.micrometer"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessagingClientCustomizer.class));
    }

    @Test
    void nothingIsMeasuredWhereNothingIsConfigured() {
        application()
                .withPropertyValues("oncemq.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessagingClientCustomizer.class));
    }
}
