package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.Finding.Severity;
import io.oncemq.spi.DestinationPlan;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicRulesTest {
    private static final Map<String, String> DURABLE =
            Map.of("min.insync.replicas", "2", "unclean.leader.election.enable", "false");

    @Test
    void findsNothingInADurableTopic() {
        assertThat(TopicRules.findings("orders", 3, DURABLE)).isEmpty();
        assertThat(TopicRules.findings("orders", 5, DURABLE)).isEmpty();
    }

    @Test
    void settingThatTheBrokerDoesNotTellIsUnchecked() {
        assertThat(TopicRules.findings("orders", 3, Map.of()))
                .extracting(Finding::setting, Finding::severity)
                .containsExactly(
                        tuple("min.insync.replicas", Severity.UNCHECKED),
                        tuple("unclean.leader.election.enable", Severity.UNCHECKED));
    }

    @Test
    void compactionIsAdvice() {
        Map<String, String> compacted = Map.of(
                "min.insync.replicas", "2", "unclean.leader.election.enable", "false", "cleanup.policy", "compact");

        assertThat(TopicRules.findings("orders", 3, compacted))
                .extracting(Finding::setting, Finding::severity)
                .containsExactly(tuple("cleanup.policy", Severity.ADVICE));
    }

    @Test
    void retentionIsLimitedOnlyWhereMessagesAreDeletedByAge() {
        assertThat(TopicRules.retention(Map.of("cleanup.policy", "delete", "retention.ms", "1000")))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(TopicRules.retention(Map.of("cleanup.policy", "delete", "retention.ms", "-1")))
                .isEqualTo(ChronoUnit.FOREVER.getDuration());
        assertThat(TopicRules.retention(Map.of("cleanup.policy", "compact", "retention.ms", "1000")))
                .isEqualTo(ChronoUnit.FOREVER.getDuration());
        assertThat(TopicRules.retention(Map.of())).isNull();
    }

    @Test
    void planRaisesOnlyWhatIsLeftOpenAndTooWeak() {
        Map<String, String> weak = Map.of("min.insync.replicas", "1", "unclean.leader.election.enable", "true");

        DestinationPlan open = DurabilityCheck.plan(DestinationSpec.of("orders"), 1, weak);
        assertThat(open.destination())
                .isEqualTo(DestinationSpec.builder("orders")
                        .replicas(3)
                        .setting("min.insync.replicas", "2")
                        .setting("unclean.leader.election.enable", "false")
                        .build());
        assertThat(open.findings()).isEmpty();

        DestinationSpec asked = DestinationSpec.builder("orders")
                .replicas(2)
                .setting("min.insync.replicas", "1")
                .build();
        DestinationPlan stubborn = DurabilityCheck.plan(asked, 2, weak);
        assertThat(stubborn.destination())
                .isEqualTo(asked.toBuilder()
                        .setting("unclean.leader.election.enable", "false")
                        .build());
        assertThat(stubborn.findings())
                .extracting(Finding::setting)
                .containsExactly("replication.factor", "min.insync.replicas");
    }

    @Test
    void planLeavesStrongerDefaultsAlone() {
        DestinationSpec asked = DestinationSpec.of("orders");

        assertThat(DurabilityCheck.plan(
                        asked, 5, Map.of("min.insync.replicas", "3", "unclean.leader.election.enable", "false")))
                .isEqualTo(new DestinationPlan(asked, List.of()));
    }
}
