package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConfigurationException;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A topic that an operator deletes beneath its subscriptions. */
class KafkaDeletedTopicIT {
    private static final Duration PATIENT = Duration.ofSeconds(120);

    private final String topic = SharedKafka.name("deleted");

    @Test
    void isToldSoonAndEndsASourceOrIsWaitedForAsItsPolicySays() {
        Deliveries stopping = new Deliveries();
        Deliveries waiting = new Deliveries();
        try (RawKafka raw = SharedKafka.raw();
                BrokerTransport transport = SharedKafka.open(SharedKafka.kafka());
                MessageSource one = transport.openSource(Sources.spec(topic, "stops"), stopping);
                MessageSource two = transport.openSource(Sources.goingOn(topic, "waits"), waiting)) {
            raw.create(topic, 1, Map.of());
            raw.produce(topic, 0, 0, 3);
            one.start();
            two.start();
            await().atMost(PATIENT).until(() -> stopping.messages.size() == 3 && waiting.messages.size() == 3);
            raw.delete(topic);
            await().atMost(PATIENT).until(() -> stopping.events.stream().anyMatch(SourceInterrupted.class::isInstance));
            assertThat(stopping.failure).isNull();
            await().atMost(PATIENT)
                    .until(() -> stopping.failure != null
                            && waiting.events.stream().anyMatch(PositionsLost.class::isInstance));
            assertThat(stopping.failure)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(topic);
            assertThat(waiting.failure).isNull();

            raw.create(topic, 1, Map.of());
            raw.produce(topic, 0, 100, 103);
            await().atMost(PATIENT).until(() -> waiting.texts().contains("102"));
        }
    }
}
