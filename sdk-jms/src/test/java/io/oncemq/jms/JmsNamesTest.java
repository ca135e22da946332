package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No two of the names in one namespace of a broker are the same, whatever users call destinations and groups. */
class JmsNamesTest {
    private static final String[] PIECES = {
        ".",
        ".",
        "-",
        "_",
        ":",
        "@",
        "0",
        "7",
        "a",
        "B",
        "members",
        "register",
        "VirtualTopic",
        "Consumer",
        "oncemq",
        "dlq"
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void onClassic(long seed) {
        Random random = new Random(seed);
        Map<String, String> queues = new HashMap<>();
        Map<String, String> topics = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            String destination = name(random);
            String group = name(random);
            int shard = random.nextInt(2);
            only(topics, ActiveMqNames.topic(destination, shard), "topic", destination, shard);
            only(topics, ActiveMqNames.members(destination, group), "members", destination, group);
            only(queues, ActiveMqNames.queue(destination, group, shard), "queue", destination, group, shard);
            only(queues, ActiveMqNames.register(destination), "register", destination);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void onArtemis(long seed) {
        Random random = new Random(seed);
        Map<String, String> queues = new HashMap<>();
        Map<String, String> addresses = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            String destination = name(random).replace(':', '-');
            String group = name(random).replace(':', '-');
            int shard = random.nextInt(2);
            only(addresses, ArtemisNames.address("destination", destination), "address", destination);
            only(addresses, ArtemisNames.members(destination, group), "members", destination, group);
            only(queues, ArtemisNames.group(destination, group), "shared", destination, group);
            only(queues, ArtemisNames.queue(destination, group, shard), "queue", destination, group, shard);
        }
    }

    private static void only(Map<String, String> names, String name, Object... meaning) {
        String meant = List.of(meaning).toString();
        assertThat(names.put(name, meant)).as(name).isIn(null, meant);
    }

    private static String name(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> PIECES[random.nextInt(PIECES.length)])
                .collect(Collectors.joining());
    }
}
