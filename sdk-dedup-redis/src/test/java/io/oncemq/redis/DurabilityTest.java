package io.oncemq.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.oncemq.Finding;
import io.oncemq.Finding.Severity;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DurabilityTest {
    @Test
    void serverThatTellsNothingIsUncheckedSettingBySetting() {
        assertThat(Durability.of("Redis", Map.of(), Duration.ZERO))
                .extracting(Finding::setting, Finding::severity)
                .containsExactly(
                        tuple("maxmemory-policy", Severity.UNCHECKED),
                        tuple("appendonly", Severity.UNCHECKED),
                        tuple("appendfsync", Severity.UNCHECKED),
                        tuple("no-appendfsync-on-rewrite", Severity.UNCHECKED));
    }

    @Test
    void lessThanASecondOfDeclaredLossDoesNotAllowEverySecond() {
        Map<String, String> settings = Map.of(
                "maxmemory", "0",
                "appendonly", "yes",
                "appendfsync", "everysec",
                "no-appendfsync-on-rewrite", "no");

        assertThat(Durability.of("Redis", settings, Duration.ofMillis(999)))
                .extracting(Finding::setting, Finding::value)
                .containsExactly(tuple("appendfsync", "everysec"));
        assertThat(Durability.of("Redis", settings, Duration.ofSeconds(1))).isEmpty();
    }

    @Test
    void withoutAnAppendOnlyFileItsFlushingIsBesideThePoint() {
        assertThat(Durability.of(
                        "Redis", Map.of("maxmemory", "0", "appendonly", "no", "appendfsync", "no"), Duration.ZERO))
                .extracting(Finding::setting)
                .containsExactly("appendonly");
    }
}
