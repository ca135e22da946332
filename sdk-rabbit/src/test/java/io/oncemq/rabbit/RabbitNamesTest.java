package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RabbitNamesTest {
    private static final String[] PIECES = {
        ".", ".", ".", "-", "_", "%", "%2E", "%25", "0", "7", "a", "B", "history", "delay", "members", "shard", "lock",
        "dlq"
    };

    @Test
    void ordinaryNamesAreJoinedByFullStops() {
        assertThat(RabbitNames.exchange("shop.orders-v2")).isEqualTo("shop.orders-v2");
        assertThat(RabbitNames.queue("shop.orders", "billing_eu", 3)).isEqualTo("shop.orders.billing_eu.3");
        assertThat(RabbitNames.sharedQueue("orders", "billing")).isEqualTo("orders.billing");
        assertThat(RabbitNames.queue("prices", "cache@pod-7", 0)).isEqualTo("prices.cache@pod-7.0");
    }

    @Test
    void aFullStopInAGroupIsWritten() {
        assertThat(RabbitNames.queue("orders", "eu.billing", 0)).isEqualTo("orders.eu%2Ebilling.0");
        assertThat(RabbitNames.queue("orders.eu", "billing", 0)).isEqualTo("orders.eu.billing.0");
    }

    @Test
    void theWordsUsedHereMayNameGroups() {
        assertThat(RabbitNames.queue("orders", "history", 0)).isEqualTo("orders.%68istory.0");
        assertThat(RabbitNames.sharedQueue("orders", "7")).isEqualTo("orders.%37");
        assertThat(RabbitNames.exchange("orders.shard.0")).isEqualTo("orders.shard%2E0");
    }

    /** Exchanges and queues are two namespaces of the server. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noTwoNamesAreTheSame(long seed) {
        Random random = new Random(seed);
        Map<String, String> exchanges = new HashMap<>();
        Map<String, String> queues = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            String destination = name(random);
            String group = name(random);
            String reader = name(random);
            int shard = random.nextInt(2);
            Duration delay = Duration.ofMillis(random.nextInt(2));
            only(exchanges, RabbitNames.exchange(destination), "exchange", destination);
            only(exchanges, RabbitNames.shardMarker(destination, shard), "marker", destination, shard);
            only(exchanges, RabbitNames.delay(destination, delay), "delay", destination, delay);
            only(queues, RabbitNames.delay(destination, delay), "delay", destination, delay);
            only(queues, RabbitNames.queue(destination, group, shard), "queue", destination, group, shard);
            only(queues, RabbitNames.sharedQueue(destination, group), "shared", destination, group);
            only(queues, RabbitNames.members(destination, group), "members", destination, group);
            String history = RabbitNames.history(destination, shard);
            only(queues, history, "history", destination, shard);
            only(queues, RabbitNames.replayLock(history, reader), "lock", destination, shard, reader);
            assertThat(RabbitNames.destination(RabbitNames.exchange(destination)))
                    .isEqualTo(destination);
        }
    }

    private static void only(Map<String, String> names, String name, Object... meaning) {
        String meant = List.of(meaning).toString();
        String other = names.put(name, meant);
        assertThat(other).as(name).isIn(null, meant);
    }

    private static String name(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> PIECES[random.nextInt(PIECES.length)])
                .collect(Collectors.joining());
    }
}
