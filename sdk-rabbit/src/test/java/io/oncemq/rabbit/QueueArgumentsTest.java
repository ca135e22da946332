package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueArgumentsTest {
    @Test
    void aMismatchNamesTheArgumentAndBothValues() {
        ConfigurationException refused = QueueArguments.mismatch(
                "queue q",
                "PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'q' in vhost '/':"
                        + " received '10' but current is '20'");
        assertThat(refused.property()).isEqualTo("x-max-length");
        assertThat(refused.value()).isEqualTo("10");
        assertThat(refused).hasMessageContaining("queue q exists with 20");
    }

    @Test
    void aMismatchCanBeAnArgumentThatOnlyOneSideHas() {
        ConfigurationException refused = QueueArguments.mismatch(
                "queue q",
                "PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'q' in vhost '/':"
                        + " received none but current is the value '20' of type 'long'");
        assertThat(refused.value()).isEqualTo("none");
        assertThat(refused).hasMessageContaining("exists with 20");
    }

    @Test
    void aQueueOfADelayMovesEachMessageOnUnderItsOwnRoutingKey() {
        DestinationSpec spec = DestinationSpec.builder("orders")
                .replicas(3)
                .setting("x-max-length", "7")
                .build();
        assertThat(QueueArguments.ofDelay(spec, Duration.ofSeconds(5)))
                .containsEntry("x-message-ttl", 5000L)
                .containsEntry("x-dead-letter-exchange", "orders")
                .containsEntry("x-dead-letter-strategy", "at-least-once")
                .containsEntry("x-overflow", "reject-publish")
                .containsEntry("x-queue-type", "quorum")
                .containsEntry("x-max-length", 7L)
                .containsEntry(QueueArguments.GROUP_SIZE, 3)
                .doesNotContainKeys("x-dead-letter-routing-key", "x-single-active-consumer");
    }

    @Test
    void whatTheServerSaysOtherwiseIsPassedOn() {
        assertThat(QueueArguments.mismatch("queue q", "PRECONDITION_FAILED - something else"))
                .hasMessageContaining("something else");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-message-ttl",
                "x-expires",
                "x-max-priority",
                "x-overflow",
                "x-queue-type",
                "x-delivery-limit",
                "x-single-active-consumer",
                "x-dead-letter-exchange",
                "retention.ms"
            })
    void refusesByNameWhatThePromiseForbids(String setting) {
        DestinationSpec spec =
                DestinationSpec.builder("orders").setting(setting, "1").build();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> QueueArguments.check(spec))
                .satisfies(refused ->
                        assertThat(refused.property()).isEqualTo("DestinationSpec.setting(" + setting + ")"));
    }

    @ParameterizedTest
    @CsvSource({
        "x-max-lenght, x-max-length",
        "x_max_length_byte, x-max-length-bytes",
        "x-queue-leader-locater, x-queue-leader-locator"
    })
    void aMisspeltSettingIsAnsweredWithTheOneThatIsMeant(String given, String meant) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> QueueArguments.check(
                        DestinationSpec.builder("orders").setting(given, "1").build()))
                .withMessageContaining("Did you mean " + meant + "? If not, leave it out; possible are ")
                .withMessageContaining("x-max-length-bytes, x-queue-leader-locator, x-quorum-target-group-size");
    }

    @Test
    void aForbiddenSettingThatIsLikeNoneIsAnsweredWithThoseThatArePossible() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> QueueArguments.check(DestinationSpec.builder("orders")
                        .setting("x-message-ttl", "1")
                        .build()))
                .withMessageContaining("Leave it out; possible are ")
                .withMessageNotContaining("Did you mean");
    }

    @Test
    void passesOnWhatOnlyBoundsOrPlacesAQueue() {
        DestinationSpec spec = DestinationSpec.builder("orders")
                .replicas(3)
                .setting("x-max-length", "1000")
                .setting("x-queue-leader-locator", "balanced")
                .build();
        QueueArguments.check(spec);
        assertThat(QueueArguments.of(spec, "billing", true))
                .containsEntry("x-max-length", 1000L)
                .containsEntry("x-queue-leader-locator", "balanced")
                .containsEntry("x-quorum-initial-group-size", 3)
                .containsEntry("x-dead-letter-exchange", "orders.billing.dlq")
                .containsEntry("x-single-active-consumer", true);
        assertThat(QueueArguments.of(spec, "billing", false)).doesNotContainKey("x-single-active-consumer");
    }
}
