package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A source that is paused rests, also with messages that its client has fetched already. */
class KafkaPausedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MESSAGES = 1_000;
    /** A poll waits for 100 ms; a busy source polls many times in each of them, however busy the machine is. */
    private static final double LEAST_MILLIS = 50;

    @ParameterizedTest
    @EnumSource
    void aPausedSourceDoesNotPollBusily(GroupProtocol protocol) {
        Kafka options = SharedKafka.kafka(protocol)
                .consumerProperty("max.poll.records", 10)
                .consumerProperty("metrics.sample.window.ms", 1_000);
        String name = "paused-" + protocol;
        Deliveries deliveries = new Deliveries();
        try (BrokerTransport transport = options.open(name);
                RawKafka raw = SharedKafka.raw()) {
            String topic = SharedKafka.topic(transport, "paused", 1);
            raw.produce(topic, 0, 0, MESSAGES);
            try (MessageSource source = transport.openSource(Sources.spec(topic, "g"), deliveries)) {
                source.start();
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> !deliveries.messages.isEmpty());
                deliveries.owned.values().forEach(source::pause);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> millisBetweenPolls(name) >= LEAST_MILLIS);
                int before = deliveries.messages.size();
                assertThat(before).isLessThan(MESSAGES);
                await().during(Duration.ofSeconds(3))
                        .atMost(Duration.ofSeconds(4))
                        .until(() -> millisBetweenPolls(name) >= LEAST_MILLIS);
                assertThat(deliveries.messages).hasSize(before);
                deliveries.owned.values().forEach(source::resume);
                await().atMost(PATIENCE).until(() -> deliveries.messages.size() == MESSAGES);
            }
        }
    }

    private static double millisBetweenPolls(String client) throws JMException {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        Set<ObjectName> found = beans.queryNames(
                new ObjectName("kafka.consumer:type=consumer-metrics,client-id=" + client + "-*"), null);
        assertThat(found).hasSize(1);
        return (double) beans.getAttribute(found.iterator().next(), "time-between-poll-avg");
    }
}
