package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.BackOff;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryDelaysTest {
    @Test
    void delaysGrowByTheMultiplierToTheLongest() {
        assertThat(delays(0, 1, 2, 3, 4, 5, 6)).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
    }

    @Test
    void afterAnyNumberOfFailuresItIsTheLongest() {
        assertThat(delays(0, 64, 65, 1_000_000, Integer.MAX_VALUE)).containsOnly(1000L);
    }

    @Test
    void jitterScattersThemAndKeepsTheLongest() {
        List<Long> scattered =
                delays(0.5, IntStream.generate(() -> 3).limit(200).toArray());
        assertThat(scattered).allMatch(millis -> millis >= 200 && millis <= 600);
        assertThat(scattered).matches(all -> all.stream().distinct().count() > 10, "differ");
        assertThat(delays(0.5, IntStream.generate(() -> 20).limit(200).toArray()))
                .allMatch(millis -> millis >= 500 && millis <= 1000);
    }

    private static List<Long> delays(double jitter, int... failures) {
        RetryDelays delays = new RetryDelays(BackOff.builder()
                .initial(Duration.ofMillis(100))
                .max(Duration.ofSeconds(1))
                .multiplier(2)
                .jitter(jitter)
                .build());
        return IntStream.of(failures)
                .mapToObj(each -> delays.after(each).toMillis())
                .toList();
    }
}
