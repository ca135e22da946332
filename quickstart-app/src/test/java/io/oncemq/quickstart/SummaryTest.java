package io.oncemq.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Verdict CLEAN = new Verdict(101, 0, 1, 1, 0, 0, true, List.of());

    @Test
    void jsonHasItsFieldsInOrder() {
        assertThat(summary(CLEAN, true, 100).toJson())
                .isEqualTo(
                        "{\"broker\":\"kafka\",\"input\":103,\"published\":100,\"confirmed\":100,\"injected\":5,\"delivered\":107,"
                                + "\"suppressed\":6,\"effects\":101,\"lost\":0,\"duplicateEffects\":1,\"inCrashWindow\":1,"
                                + "\"orderViolations\":0,\"deadLettered\":0,\"holds\":true,\"seconds\":12.3}");
    }

    @Test
    void holdsOnlyIfAllWasConfirmedAndSettledAndTheAuditHolds() {
        assertThat(summary(CLEAN, true, 100).holds()).isTrue();
        assertThat(summary(CLEAN, true, 99).holds()).isFalse();
        assertThat(summary(CLEAN, false, 100).holds()).isFalse();
        assertThat(summary(new Verdict(99, 1, 0, 0, 0, 0, true, List.of()), true, 100)
                        .holds())
                .isFalse();
    }

    @Test
    void aFaultThatWasPromisedAndDidNotHappenIsAFailure() {
        Summary summary = summary(CLEAN, true, 100, List.of("no duplicate was written"));
        assertThat(summary.holds()).isFalse();
        assertThat(summary.toJson()).contains("\"holds\":false");
    }

    private static Summary summary(Verdict verdict, boolean settled, int confirmed) {
        return summary(verdict, settled, confirmed, List.of());
    }

    private static Summary summary(Verdict verdict, boolean settled, int confirmed, List<String> missing) {
        return new Summary(
                "kafka", 3, 100, confirmed, 5, missing, 107, 6, 0, verdict, settled, Duration.ofMillis(12_345));
    }
}
