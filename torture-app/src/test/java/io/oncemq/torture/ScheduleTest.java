package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.torture.history.HistoryFile;
import io.oncemq.torture.history.RunRecorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final Stop stop = new Stop();

    @TempDir
    Path folder;

    @Test
    void aFaultThatHappenedIsCounted() {
        assertThat(struckBy(() -> true)).isEqualTo(1);
    }

    @Test
    void aFaultThatFoundNothingToStrikeIsNamedAndNotCounted() {
        assertThat(struckBy(() -> false)).isZero();
    }

    @Test
    void aShortRunOfManyKindsGoesFasterButBeyondTheLease() {
        Pace pace = Pace.of(Duration.ofSeconds(24), 6);
        assertThat(pace).isNotEqualTo(Pace.of(Duration.ofMinutes(10), 29));
        assertThat(pace.shortened(LONG)).isGreaterThan(Terms.LEASE).isLessThan(Duration.ofSeconds(6));
        assertThat(pace.shortened(Duration.ZERO)).isZero();
        assertThat(pace.calm(new SplittableRandom(1))).isLessThan(Duration.ofSeconds(1));
    }

    /** The run ends with its first fault. */
    private int struckBy(BooleanSupplier begin) {
        Options options = new Options(BrokerKind.KAFKA, Duration.ofSeconds(1), 1, List.of());
        try (HistoryFile file = HistoryFile.open(folder, "driver")) {
            Arena arena = new Arena(options, null, null, null, null, null, null, new RunRecorder(file), stop);
            Schedule schedule = new Schedule(arena, List.of(new Fault(() -> {
                stop.request();
                return begin.getAsBoolean();
            })));
            assertThatThrownBy(() -> schedule.run(LONG)).isInstanceOf(Stop.StoppedException.class);
            assertThat(schedule.struck()).containsOnlyKeys("fault");
            return schedule.struck().get("fault");
        }
    }

    private record Fault(BooleanSupplier begin) implements Nemesis {
        @Override
        public String name() {
            return "fault";
        }

        @Override
        public Against against() {
            return Against.BROKER;
        }

        @Override
        public Attack plan(Arena arena, SplittableRandom random) {
            return new Attack("broker", Duration.ZERO, begin, () -> {});
        }
    }
}
