package io.oncemq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void eachRunsOnceInARoundAndAtEachPlaceEquallyOften(int contenders) {
        Map<String, Long> places = new TreeMap<>();
        for (int round = 0; round < 2 * contenders; round++) {
            int[] order = new Turns(contenders).of(round);
            assertThat(order)
                    .containsExactlyInAnyOrder(IntStream.range(0, contenders).toArray());
            for (int place = 0; place < contenders; place++) {
                places.merge(order[place] + " at " + place, 1L, Long::sum);
            }
        }
        assertThat(places).hasSize(contenders * contenders);
        assertThat(places.values()).containsOnly(2L);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7})
    void eachFollowsEachOtherOneEquallyOften(int contenders) {
        Map<String, Long> pairs = IntStream.range(0, 2 * contenders)
                .mapToObj(round -> new Turns(contenders).of(round))
                .flatMap(order -> IntStream.range(1, contenders).mapToObj(i -> order[i - 1] + " before " + order[i]))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(pairs).hasSize(contenders * (contenders - 1));
        assertThat(pairs.values()).containsOnly(2L);
    }
}
