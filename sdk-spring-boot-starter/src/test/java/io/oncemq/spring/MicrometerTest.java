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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;

class MicrometerTest {
    private final Toys toys = new Toys();

    static class Handler {
        @OnceListener(destination = "orders", group = "billing")
        void on(String body) {}
    }

    @Test
    void everyClientIsMeasuredAndObserved() {
        List<String> observed = new CopyOnWriteArrayList<>();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStop(Observation.Context context) {
                observed.add(String.valueOf(context.getContextualName()));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        toys.application("billing", "orders")
                .withConfiguration(AutoConfigurations.of(OnceMqMicrometerAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(ObservationRegistry.class, () -> observations)
                .withBean(Handler.class)
                .run(context -> {
                    context.getBean(MessagingClient.class)
                            .publisher("orders", Codecs.string())
                            .publish(OutboundMessage.of("a").id("1"))
                            .join();
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                        assertThat(meters.find("messaging.client.sent.messages").counter())
                                .isNotNull();
                        assertThat(meters.find("messaging.process.duration").timer())
                                .isNotNull();
                        assertThat(observed).contains("send orders", "process orders");
                    });
                });
    }

    @Test
    void nothingIsMeasuredWithoutARegistry() {
        toys.application("billing", "orders")
                .withConfiguration(AutoConfigurations.of(OnceMqMicrometerAutoConfiguration.class))
                .run(context -> assertThat(context).doesNotHaveBean(MessagingClientCustomizer.class));
    }
}
