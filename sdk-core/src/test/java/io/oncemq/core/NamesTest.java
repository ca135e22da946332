package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.GroupNames;
import io.oncemq.Replay;
import io.oncemq.StartPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final String[] PIECES = {".", ".", "_", "-", "_2e", "_5f", "2e", "5f", "dlq", ".dlq", "a", "B", "0"};

    @ParameterizedTest
    @CsvSource({
        "orders, billing, orders.billing.dlq",
        "a.b, c_d-E, a.b.c_d-E.dlq",
        "a, b.c, a.b_2ec.dlq",
        "a, b_2ec, a.b_5f2ec.dlq",
        "a, b_5f, a.b_5f5f.dlq",
    })
    void aDeadLetterDestinationIsNamedAfterDestinationAndGroup(String destination, String group, String name) {
        assertThat(DestinationSpec.deadLetterName(destination, group)).isEqualTo(name);
        assertThat(DestinationSpec.deadLetterGroup(destination, name)).isEqualTo(group);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noTwoGroupsShareADeadLetterDestination(long seed) {
        Random random = new Random(seed);
        Map<String, List<String>> names = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            List<String> pair = List.of(name(random), name(random));
            String written = DestinationSpec.deadLetterName(pair.get(0), pair.get(1));
            List<String> other = names.put(written, pair);
            assertThat(other).as(written).isIn(null, pair);
            assertThat(written).matches("[A-Za-z0-9._-]+");
            assertThat(DestinationSpec.deadLetterGroup(pair.get(0), written)).isEqualTo(pair.get(1));
        }
    }

    @Test
    void theNameOfNoDeadLettersHasNoGroup() {
        assertThat(DestinationSpec.deadLetterGroup("orders", "orders")).isNull();
        assertThat(DestinationSpec.deadLetterGroup("orders", "orders.dlq")).isNull();
        assertThat(DestinationSpec.deadLetterGroup("orders", "orders..dlq")).isNull();
        assertThat(DestinationSpec.deadLetterGroup("orders", "orders.a.b.dlq")).isNull();
        assertThat(DestinationSpec.deadLetterGroup("orders", "prices.billing.dlq"))
                .isNull();
    }

    @Test
    void instancesAndReplaysAreNeverNamedAsAGroup() {
        assertThat(GroupNames.instance("cache", "pod-7")).isEqualTo("cache@pod-7");
        assertThat(Replay.again("b.gaps.c", StartPosition.EARLIEST).reader("a")).isEqualTo("a@replay.b.gaps.c");
        assertThatThrownBy(() ->
                        DestinationSpec.builder("orders").group("cache@pod-7").build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("DestinationSpec.group")
                .hasMessageContaining("cache-at-pod-7");
    }

    private static String name(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> PIECES[random.nextInt(PIECES.length)])
                .collect(Collectors.joining());
    }
}
