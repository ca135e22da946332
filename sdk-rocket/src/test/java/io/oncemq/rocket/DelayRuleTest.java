package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Properties;
import org.apache.rocketmq.common.message.Message;
import org.junit.jupiter.api.Test;

class DelayRuleTest {
    private final Properties settings = new Properties();

    @Test
    void takesAnyTimeUpToTheBrokersLimit() {
        DelayRule rule = DelayRule.usual("broker-a");
        assertThat(rule.refusal(Duration.ofMillis(1))).isNull();
        assertThat(rule.refusal(Duration.ofDays(3))).isNull();
        assertThat(rule.refusal(Duration.ofDays(3).plusMillis(1)))
                .contains("broker-a", "PT72H", "raise timerMaxDelaySec");
        settings.setProperty("timerMaxDelaySec", "60");
        assertThat(DelayRule.of("broker-a", settings).refusal(Duration.ofSeconds(61)))
                .contains("PT1M");
        Message message = new Message();
        rule.apply(message, Duration.ofMillis(1_500));
        assertThat(message.getDelayTimeMs()).isEqualTo(1_500);
    }

    @Test
    void takesTheLevelsWhereTheTimerIsOff() {
        settings.setProperty("timerWheelEnable", "false");
        settings.setProperty("messageDelayLevel", "1s 5s 2m 1h 1d");
        DelayRule rule = DelayRule.of("broker-a", settings);
        assertThat(rule.refusal(Duration.ofMinutes(2))).isNull();
        assertThat(rule.refusal(Duration.ofSeconds(2))).contains("timerWheelEnable", "PT1S, PT5S, PT2M, PT1H, PT24H");
        Message message = new Message();
        rule.apply(message, Duration.ofMinutes(2));
        assertThat(message.getDelayTimeLevel()).isEqualTo(3);
        assertThat(message.getProperty("TIMER_DELAY_MS")).isNull();
    }
}
