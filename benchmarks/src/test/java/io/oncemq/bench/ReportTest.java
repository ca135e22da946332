package io.oncemq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void jsonNamesWhatWasNotMeasured() {
        assertThat(new Report().json())
                .startsWith(
                        "{\"publishRatio\":null,\"consumeRatio\":null,\"lanes2msRatio\":null,\"lanes5msRatio\":null,"
                                + "\"bytesPerId\":null");
    }

    @Test
    void ratioIsThatOfTheMediansWithItsRangeOverTheRounds() {
        Report report = new Report();
        report.ratio("publishRatio", measured("ours", 80, 90, 70), measured("raw", 100, 100, 100));

        assertThat(report.json()).startsWith("{\"publishRatio\":0.8,").contains("\"publishRatioRange\":[0.7,0.9]");
    }

    @Test
    void tableSetsEachSeriesAgainstTheBase() {
        Measured base = measured("raw", 1000, 2000, 3000);
        Measured ours = measured("ours", 1500, 1500, 1500);
        Report report = new Report();
        report.rates("publish", List.of(base, ours), base);

        assertThat(report.table().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "median lowest highest spread of base CPU/msg",
                        "publish",
                        "raw, msg/s 2,000 1,000 3,000 100 % base 2.50 µs",
                        "ours, msg/s 1,500 1,500 1,500 0 % 0.75 2.50 µs");
    }

    private static Measured measured(String name, double... rates) {
        return new Measured(new Series(name, rates), new Series(name, new double[] {2.5}));
    }
}
