package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.MessageFilter;
import io.oncemq.Ordering;
import io.oncemq.spi.BrokerTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** S8: whatever another program writes as the hash of a key, the message is of exactly one queue of each group. */
class ArtemisShardsIT {
    private static final int SHARDS = 3;

    private final BrokerTransport transport = ArtemisRig.artemis().open("shards-it");
    private final String destination = ArtemisRig.destination(transport) + ".shards";

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void eachHashOfAnotherProgramIsOfExactlyOneQueueOfEachGroup() {
        transport.ensure(DestinationSpec.builder(destination)
                .partitions(SHARDS)
                .group("all")
                .group("some", Ordering.PER_KEY, MessageFilter.sql("colour = 'red'"))
                .build());
        List<@Nullable Object> values = new ArrayList<>(List.of(
                "no number",
                "",
                "4",
                "4.0",
                true,
                'c',
                new byte[] {1, -1},
                (byte) 4,
                (short) -4,
                4,
                -4,
                1L << 40,
                -1L,
                1.5f,
                4f,
                2.75,
                Double.NaN,
                Double.POSITIVE_INFINITY));
        values.add(null);
        for (Object value : values) {
            Map<String, Long> before = counts();
            send(value);
            Map<String, Long> added = new TreeMap<>();
            counts().forEach((queue, count) -> added.merge(queue.split("/")[1], count - before.get(queue), Long::sum));
            assertThat(added).as("queues with %s", value).isEqualTo(Map.of("all", 1L, "some", 1L));
        }
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        for (String group : List.of("all", "some")) {
            IntStream.range(0, SHARDS)
                    .mapToObj(shard -> destination + "/" + group + "/" + shard)
                    .forEach(queue -> counts.put(queue, ArtemisRig.raw().messages(queue)));
        }
        return counts;
    }

    private void send(@Nullable Object hash) {
        ArtemisRig.raw().call(session -> {
            try (var producer = session.createProducer(session.createTopic(destination))) {
                var message = session.createTextMessage("foreign");
                message.setStringProperty("colour", "red");
                ((ActiveMQMessage) message).getCoreMessage().putObjectProperty(SimpleString.of("oncemq_hash"), hash);
                producer.send(message);
                return true;
            }
        });
    }

    @Test
    void queuesOfAnEarlierVersionWhichLoseThoseMessagesAreRefused() {
        DestinationSpec spec =
                DestinationSpec.builder(destination).partitions(1).group("g").build();
        ArtemisRig.raw().call(session -> {
            session.getCoreSession().createAddress(SimpleString.of(destination), RoutingType.MULTICAST, false);
            session.getCoreSession()
                    .createQueue(QueueConfiguration.of(destination + "/g/0")
                            .setAddress(destination)
                            .setRoutingType(RoutingType.MULTICAST)
                            .setFilterString("oncemq_hash IS NULL OR oncemq_hash % 1 = 0")
                            .setExclusive(true)
                            .setDurable(true));
            return true;
        });
        for (Runnable use : List.<Runnable>of(
                () -> transport.ensure(spec),
                () -> transport.openSource(
                        ArtemisRig.spec(destination, Ordering.PER_KEY), Received.settling(text -> true)))) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(use::run)
                    .withMessageContaining("an earlier version made the queue");
        }
    }
}
