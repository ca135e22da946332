package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.kafka.KafkaSettings.Scope;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSettingsTest {
    private final KafkaSettings settings = KafkaSettings.at("a:9092");

    private static SourceSpec draining(Duration drain) {
        return SourceSpec.builder("t", "g")
                .maxInFlight(100)
                .maxInFlightBytes(1 << 20)
                .drainDeadline(drain)
                .build();
    }

    @Test
    void setsExplicitlyWhatConfirmationsRestOn() {
        assertThat(settings.producer("c"))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("retries", Integer.MAX_VALUE)
                .containsEntry("delivery.timeout.ms", Integer.MAX_VALUE);
    }

    @Test
    void setsExplicitlyWhatConsumingRestsOn() {
        assertThat(settings.consumer("c", draining(Duration.ofSeconds(5)), 1))
                .containsEntry("auto.offset.reset", "none")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("group.protocol", "classic")
                .containsEntry("partition.assignment.strategy", CooperativeStickyAssignor.class.getName())
                .containsEntry("group.id", "g@@t")
                .containsEntry("max.poll.interval.ms", 300_000);
    }

    @Test
    void leavesTheAssignmentToTheBrokerInTheConsumerProtocol() {
        KafkaSettings consumer =
                settings.with(GroupProtocol.CONSUMER).with(Scope.CONSUMER, "group.remote.assignor", "uniform");
        assertThat(consumer.consumer("c", draining(Duration.ofSeconds(5)), 1))
                .containsEntry("group.protocol", "consumer")
                .containsEntry("group.remote.assignor", "uniform")
                .containsEntry("auto.offset.reset", "none")
                .containsEntry("enable.auto.commit", false)
                .doesNotContainKeys("partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms");
    }

    @Test
    void givesTheDrainMoreRoomWhenItNeedsIt() {
        assertThat(settings.consumer("c", draining(Duration.ofMinutes(10)), 1))
                .containsEntry("max.poll.interval.ms", 601_000);
    }

    @Test
    void refusesAPollIntervalThatTheDrainWouldOutlast() {
        KafkaSettings tight = settings.with(Scope.CONSUMER, "max.poll.interval.ms", 3000);
        assertThat(tight.consumer("c", draining(Duration.ofSeconds(2)), 1)).containsEntry("max.poll.interval.ms", 3000);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> tight.consumer("c", draining(Duration.ofSeconds(3)), 1))
                .withMessageContaining("max.poll.interval.ms")
                .withMessageContaining("4000");
    }

    @Test
    void sendsAPropertyToItsClientsOnly() {
        KafkaSettings own = settings.with(Scope.PRODUCER, "linger.ms", 1)
                .with(Scope.CONSUMER, "fetch.min.bytes", 2)
                .with(Scope.CLIENT, "security.protocol", "SSL");
        SourceSpec spec = draining(Duration.ofSeconds(1));
        assertThat(own.producer("c"))
                .containsKeys("linger.ms", "security.protocol")
                .doesNotContainKey("fetch.min.bytes");
        assertThat(own.consumer("c", spec, 1))
                .containsKeys("fetch.min.bytes", "security.protocol")
                .doesNotContainKey("linger.ms");
        assertThat(own.admin("c")).containsKey("security.protocol").doesNotContainKeys("linger.ms", "fetch.min.bytes");
        assertThat(settings.producer("c")).doesNotContainKey("linger.ms");
    }

    @Test
    void commitsEachSecondWithAStoreAndTenTimesAsOftenWithout() {
        assertThat(timing(settings, remembered(true)).commitInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(timing(settings, remembered(false)).commitInterval()).isEqualTo(Duration.ofMillis(100));
        KafkaSettings own = settings.withCommitInterval(Duration.ofSeconds(5));
        assertThat(timing(own, remembered(true)).commitInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(timing(own.with(Scope.CLIENT, "linger.ms", 1), remembered(false))
                        .commitInterval())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void refusesACommitIntervalThatCostsTooMuchOrRepeatsTooMuch() {
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofMillis(9), Duration.ofSeconds(61)}) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> settings.withCommitInterval(wrong))
                    .satisfies(refused -> assertThat(refused.property()).isEqualTo("commitInterval"));
        }
    }

    /** Drain and commit together must end before the group gives the member up. */
    @Test
    void theLastCommitTakesNoMoreThanThePollIntervalLeaves() {
        assertThat(timing(settings, draining(Duration.ofSeconds(5))).lastCommit())
                .isEqualTo(Duration.ofSeconds(3));
        KafkaSettings tight = settings.with(Scope.CONSUMER, "max.poll.interval.ms", 3000);
        assertThat(timing(tight, draining(Duration.ofSeconds(2))).lastCommit()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void fetchesNoMoreThanTheBoundInBytes() {
        assertThat(settings.consumer("c", draining(Duration.ofSeconds(5)), 1))
                .as("the bound is 1 MiB")
                .containsEntry("fetch.max.bytes", 1 << 20)
                .containsEntry("max.partition.fetch.bytes", 1 << 18);
        assertThat(settings.with(Scope.CONSUMER, "fetch.max.bytes", 7)
                        .consumer("c", draining(Duration.ofSeconds(5)), 1))
                .containsEntry("fetch.max.bytes", 7);
    }

    /** Of the default bounds of 10,000 messages and 64 MiB; of bounds that are smaller than the partitions are many. */
    @ParameterizedTest
    @CsvSource({
        "10000, 67108864, 1, 2000, 1048576",
        "10000, 67108864, 12, 208, 1048576",
        "10000, 67108864, 100, 25, 167772",
        "10000, 67108864, 1000, 2, 65536",
        "100, 1000, 400, 1, 1000"
    })
    void whatAllPartitionsFetchAtOnceIsAQuarterOfTheBound(
            int messages, long bytes, int partitions, int perPoll, int perFetch) {
        SourceSpec spec = SourceSpec.builder("t", "g")
                .maxInFlight(messages)
                .maxInFlightBytes(bytes)
                .build();
        assertThat(settings.consumer("c", spec, partitions))
                .containsEntry("max.poll.records", perPoll)
                .containsEntry("max.partition.fetch.bytes", perFetch);
    }

    private static Timing timing(KafkaSettings settings, SourceSpec spec) {
        return settings.timing(settings.consumer("c", spec, 1), spec);
    }

    private static SourceSpec remembered(boolean remembered) {
        SourceSpec spec = draining(Duration.ofSeconds(5));
        return spec.toBuilder().remembered(remembered).build();
    }
}
