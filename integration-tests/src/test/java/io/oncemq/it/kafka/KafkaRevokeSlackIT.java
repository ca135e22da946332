package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConfigurationException;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** K6: what a drain has handled until its end is committed before the group gives the member up. */
@Tag("slow")
class KafkaRevokeSlackIT {
    private static final Duration PATIENT = Duration.ofSeconds(90);
    private static final Duration DRAIN = Duration.ofSeconds(12);
    private static final int MESSAGES = 5;
    private static final String INTERVAL = "max.poll.interval.ms";
    private static final Pattern LEAST = Pattern.compile("Use at least ([0-9]+)");

    /** The poll interval leaves no more time after the drain than what the adapter demands. */
    @ParameterizedTest
    @EnumSource
    void aSlowDrainIsCommittedWithinTheLeastPollIntervalThatIsAccepted(GroupProtocol protocol) {
        Kafka kafka = SharedKafka.kafka(protocol);
        try (RawKafka raw = SharedKafka.raw();
                BrokerTransport transport = SharedKafka.open(kafka.consumerProperty(INTERVAL, least(kafka)))) {
            String topic = SharedKafka.topic(transport, "slack", 2);
            SourceSpec spec = Sources.draining(topic, "g", DRAIN);
            produce(raw, topic, "first", MESSAGES);
            Leaver first = new Leaver();
            Deliveries second = new Deliveries();
            try (MessageSource leaving = transport.openSource(spec, first)) {
                leaving.start();
                await().atMost(PATIENT).until(() -> first.messages.size() == 2 * MESSAGES);
                try (MessageSource taking = transport.openSource(spec, second)) {
                    taking.start();
                    await().atMost(PATIENT).until(() -> second.owned.size() == 1);
                    int moved = partition(second);
                    assertThat(raw.committedOffset("g", topic, moved)).isEqualTo(MESSAGES);
                    produce(raw, topic, "later", 1);
                    await().atMost(PATIENT).until(() -> !second.messages.isEmpty());
                    assertThat(second.texts()).containsExactly("later");
                    assertThat(first.lost).isEmpty();
                }
            }
        }
    }

    private static long least(Kafka kafka) {
        try (BrokerTransport transport = SharedKafka.open(kafka.consumerProperty(INTERVAL, 1_000))) {
            ConfigurationException refused = catchThrowableOfType(
                    ConfigurationException.class,
                    () -> transport.openSource(Sources.draining("any", "g", DRAIN), new Deliveries()));
            Matcher least = LEAST.matcher(refused.getMessage());
            assertThat(least.find()).as(refused.getMessage()).isTrue();
            return Long.parseLong(least.group(1));
        }
    }

    private static int partition(Deliveries member) {
        String name = member.owned.keySet().iterator().next();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    private static void produce(RawKafka raw, String topic, String body, int each) {
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of())) {
            for (int i = 0; i < 2 * each; i++) {
                producer.send(new ProducerRecord<>(topic, i % 2, null, body.getBytes(UTF_8)));
            }
        }
    }

    /** Its handlers take the whole time of the drain, so only the slack is left for the commit. */
    private static final class Leaver extends Deliveries {
        @Override
        public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
            await().pollDelay(DRAIN).atMost(PATIENT).until(() -> true);
            return super.onRevoking(shards);
        }
    }
}
