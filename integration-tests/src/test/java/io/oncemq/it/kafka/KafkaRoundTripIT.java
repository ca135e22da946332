package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.it.SentOutcomes;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishSession;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KafkaRoundTripIT {
    @Test
    void deliversWhatWasConfirmedInOrderPerKey() {
        try (BrokerTransport transport = SharedKafka.open(SharedKafka.kafka())) {
            String topic = SharedKafka.topic(transport, "round-trip", 4);
            SentOutcomes outcomes = new SentOutcomes();
            PublishSession session = transport.openPublishSession(outcomes);
            for (int i = 0; i < 20_000; i++) {
                session.send(Frames.frame(topic, i % 10 == 9 ? null : "key-" + i % 7, i % 7 + ":" + i), i);
            }
            await().until(() -> outcomes.confirmed.size() == 20_000);
            Deliveries deliveries = new Deliveries();
            MessageSource source = transport.openSource(Sources.spec(topic, "g"), deliveries);
            source.start();
            await().until(() -> deliveries.messages.size() == 20_000);
            source.close();
            session.close();
            assertThat(deliveries.revoked).hasSize(4);
            for (int key = 0; key < 7; key++) {
                String prefix = key + ":";
                String name = "key-" + key;
                assertThat(deliveries.messages.stream()
                                .filter(each -> name.equals(each.message().key()))
                                .map(Deliveries.Delivered::text))
                        .containsExactlyElementsOf(IntStream.range(0, 20_000)
                                .filter(i -> i % 10 != 9 && (i % 7 + ":").equals(prefix))
                                .mapToObj(i -> prefix + i)
                                .toList());
            }
        }
    }
}
