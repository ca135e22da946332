package io.oncemq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final int MESSAGES = 200_000;

    @Test
    void uniformKeysShareTheTrafficEvenly() {
        Collection<Long> shares = perKey(Workload.Keys.UNIFORM).values();

        assertThat(shares)
                .hasSize(Workload.KEYS)
                .allSatisfy(share -> assertThat(share).isBetween(120L, 280L));
    }

    @Test
    void hotKeyHasHalfOfTheTraffic() {
        Map<String, Long> shares = perKey(Workload.Keys.HOT);

        assertThat(shares).hasSize(Workload.KEYS);
        assertThat((double) shares.get("customer-0") / MESSAGES).isEqualTo(0.5, within(0.01));
    }

    @Test
    void idsDifferByRunAndMessage() {
        assertThat(Workload.id(1, 7)).isNotEqualTo(Workload.id(2, 7)).isNotEqualTo(Workload.id(1, 8));
    }

    @Test
    void bodiesHave200Bytes() {
        assertThat(Workload.body()).hasSize(200);
    }

    private static Map<String, Long> perKey(Workload.Keys keys) {
        Workload workload = new Workload(keys, MESSAGES);
        return IntStream.range(0, MESSAGES)
                .mapToObj(workload::key)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
