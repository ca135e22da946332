package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Finding;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class DurabilityTest {
    private final Properties settings = new Properties();

    DurabilityTest() {
        settings.setProperty("flushDiskType", "ASYNC_FLUSH");
        settings.setProperty("brokerRole", "ASYNC_MASTER");
        settings.setProperty("inSyncReplicas", "1");
        settings.setProperty("minInSyncReplicas", "1");
    }

    @Test
    void refusesTheDefaultsByName() {
        assertThat(Durability.of("broker-a", settings)).hasValueSatisfying(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.VIOLATION);
            assertThat(finding.setting()).isEqualTo("flushDiskType");
            assertThat(finding.toString()).contains("broker-a", "ASYNC_FLUSH", "SYNC_FLUSH");
        });
    }

    @Test
    void takesSynchronousFlush() {
        settings.setProperty("flushDiskType", "SYNC_FLUSH");
        assertThat(Durability.of("b", settings)).isEmpty();
    }

    @Test
    void takesASynchronousMasterOnlyIfItWaitsForACopy() {
        settings.setProperty("brokerRole", "SYNC_MASTER");
        assertThat(Durability.of("b", settings)).isPresent();
        settings.setProperty("inSyncReplicas", "2");
        assertThat(Durability.of("b", settings)).isEmpty();
    }

    @Test
    void refusesAMasterThatMayGoOnAlone() {
        settings.setProperty("brokerRole", "SYNC_MASTER");
        settings.setProperty("inSyncReplicas", "2");
        settings.setProperty("enableAutoInSyncReplicas", "true");
        assertThat(Durability.of("b", settings)).isPresent();
        settings.setProperty("minInSyncReplicas", "2");
        assertThat(Durability.of("b", settings)).isEmpty();
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThat(Durability.of("b", new Properties())).isPresent();
    }
}
