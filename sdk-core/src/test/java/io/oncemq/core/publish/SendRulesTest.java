package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.Capabilities;
import io.oncemq.Capabilities.Level;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.OutboundMessage;
import io.oncemq.UnsupportedFeatureException;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SendOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be asked for with a message, and how it gets to the broker. */
class SendRulesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final OutboundMessage<String> PLAIN = OutboundMessage.of("body");

    private final SendRules rules = new SendRules(Capabilities.of("fake")
            .with(Feature.DELAYED_DELIVERY, Level.NATIVE, "")
            .with(Feature.MESSAGE_TTL, Level.NATIVE, "")
            .with(Feature.PRIORITY, Level.NATIVE, "")
            .build());

    @Test
    void whatIsAskedForGoesIntoTheFrameAndNothingElseDoes() {
        OutboundMessage<String> asking = PLAIN.delay(Duration.ofSeconds(5))
                .timeToLive(MINUTE)
                .priority(7)
                .id("1")
                .source("s")
                .type("t")
                .time(Instant.EPOCH)
                .header("a", "b");
        rules.check(asking);
        assertThat(frame(asking).options()).isEqualTo(new SendOptions(Duration.ofSeconds(5), MINUTE, 7));
        assertThat(asking)
                .returns("1", OutboundMessage::id)
                .returns("s", OutboundMessage::source)
                .returns("t", OutboundMessage::type)
                .returns(Instant.EPOCH, OutboundMessage::time);
        assertThat(frame(asking).headers().names())
                .contains("a")
                .hasSameSizeAs(frame(asking.delay(MINUTE)).headers().names());
        rules.check(PLAIN.key("a"));
        assertThat(frame(PLAIN.key("a")).options()).isNull();
    }

    private static OutboundFrame frame(OutboundMessage<String> message) {
        return new FrameComposer("ce_").compose("orders", message, message.headers(), "1", new byte[0], new byte[0]);
    }

    static Stream<OutboundMessage<String>> asking() {
        return Stream.of(PLAIN.delay(MINUTE), PLAIN.timeToLive(MINUTE), PLAIN.priority(4));
    }

    @ParameterizedTest
    @MethodSource("asking")
    void aBrokerWithoutTheFeatureRefusesByName(OutboundMessage<String> message) {
        SendRules none = new SendRules(Capabilities.of("fake").build());
        assertThatExceptionOfType(UnsupportedFeatureException.class)
                .isThrownBy(() -> none.check(message))
                .withMessageContaining("fake does not offer")
                .satisfies(refusal -> assertThat(refusal.property()).startsWith("OutboundMessage."))
                .satisfies(refusal -> assertThat(refusal.value()).matches("PT1M|4"));
        rules.check(message);
    }

    @Test
    void aKeyKeepsItsOrderAndTakesNoPriority() {
        assertRefused(
                "OutboundMessage.priority",
                "9",
                () -> rules.check(PLAIN.key("a").priority(9)));
        rules.check(PLAIN.key("a").delay(MINUTE));
        rules.check(PLAIN.key("a").timeToLive(MINUTE));
    }

    @Test
    void aTimeToLiveThatEndsBeforeTheDelayIsRefusedInWhateverOrderTheyAreSet() {
        assertRefused(
                "OutboundMessage.timeToLive",
                "PT1M",
                () -> rules.check(PLAIN.timeToLive(MINUTE).delay(MINUTE)));
        assertRefused(
                "OutboundMessage.timeToLive",
                "PT1M",
                () -> rules.check(PLAIN.delay(MINUTE).timeToLive(MINUTE)));
    }

    @Test
    void timesAreWholeMillisecondsFromOneToFortyNineDays() {
        for (Duration wrong : new Duration[] {
            Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(49).plusNanos(1)
        }) {
            assertRefused("OutboundMessage.delay", wrong.toString(), () -> PLAIN.delay(wrong));
            assertRefused("OutboundMessage.timeToLive", wrong.toString(), () -> PLAIN.timeToLive(wrong));
            assertRefused(
                    "DestinationSpec.delays",
                    wrong.toString(),
                    () -> DestinationSpec.builder("orders").delays(wrong).build());
        }
        assertThat(frame(PLAIN.delay(Duration.ofNanos(1_000_001))).options())
                .isEqualTo(new SendOptions(Duration.ofMillis(2), null, null));
        assertThat(frame(PLAIN.timeToLive(Duration.ofDays(49))).options())
                .isEqualTo(new SendOptions(null, Duration.ofDays(49), null));
    }

    @Test
    void prioritiesGoFromZeroToNine() {
        assertRefused("OutboundMessage.priority", "-1", () -> PLAIN.priority(-1));
        assertRefused("OutboundMessage.priority", "10", () -> PLAIN.priority(10));
        assertThat(frame(PLAIN.priority(0)).options()).isEqualTo(new SendOptions(null, null, 0));
    }

    @Test
    void levelsOfADestinationRiseAndStandOnce() {
        DestinationSpec spec = DestinationSpec.builder("orders")
                .delays(MINUTE, Duration.ofSeconds(1))
                .partitions(3)
                .delays(Duration.ofSeconds(60))
                .group("g")
                .setting("a", "b")
                .replicas(3)
                .build();
        assertThat(spec.delays()).containsExactly(Duration.ofSeconds(1), MINUTE);
    }

    private static void assertRefused(String property, String value, ThrowingCallable call) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(call)
                .returns(property, ConfigurationException::property)
                .returns(value, ConfigurationException::value)
                .satisfies(refusal -> assertThat(refusal.remedy()).isNotBlank());
    }
}
