package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShiftedClockTest {
    private static final Duration BACK = Duration.ofHours(-1);

    @TempDir
    Path folder;

    @Test
    void everyClockOfAProcessIsShifted() throws Exception {
        long before = System.currentTimeMillis();
        List<Long> told = List.of(ask(ShiftedClock.option(folder, BACK)).split(" ", -1)).stream()
                .map(Long::parseLong)
                .toList();
        long after = System.currentTimeMillis();
        assertThat(told)
                .hasSize(Asked.CLOCKS)
                .allSatisfy(time -> assertThat(time).isBetween(before + BACK.toMillis(), after + BACK.toMillis()));
    }

    private static String ask(String option) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asked.class.getName())
                .redirectError(Redirect.INHERIT)
                .start();
        try {
            return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** What runs in the other process. */
    static final class Asked {
        static final int CLOCKS = 5;

        private Asked() {}

        public static void main(String[] arguments) {
            LongSupplier byReference = System::currentTimeMillis;
            System.out.print(System.currentTimeMillis()
                    + " " + byReference.getAsLong()
                    + " " + Instant.now().toEpochMilli()
                    + " " + Clock.systemUTC().millis()
                    + " " + Time.SYSTEM.milliseconds());
        }
    }
}
