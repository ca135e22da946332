package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.BackOff;
import io.oncemq.ConfigurationException;
import io.oncemq.RetryPolicy;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.core.claim.InProcessIdempotency;
import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryRulesTest {
    private static final Duration REMEMBERED = Duration.ofMinutes(4);

    private final EngineHarness engine = new EngineHarness(new SwitchedStore(
            InProcessIdempotency.create(Clock.systemUTC(), REMEMBERED).open()));

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void whatIsHeldForLongerThanTheStoreRemembersIsRefused() {
        refuses("lease", builder -> builder.lease(REMEMBERED));
        refuses("handlerTimeout", builder -> builder.handlerTimeout(REMEMBERED));
        refuses("retry", builder -> builder.retry(RetryPolicy.fixed(REMEMBERED)));
        refuses(
                "retry",
                builder -> builder.retry(RetryPolicy.builder()
                        .backOff(BackOff.builder()
                                .initial(Duration.ofSeconds(1))
                                .max(REMEMBERED.minusSeconds(5))
                                .jitter(0.1)
                                .build())
                        .build()));
    }

    @Test
    void whatIsHeldForLessIsNot() {
        builder().lease(Duration.ofMinutes(3)).handler(delivery -> {}).start().close();
        builder()
                .retry(RetryPolicy.builder()
                        .backOff(BackOff.builder()
                                .initial(Duration.ofSeconds(1))
                                .max(Duration.ofMinutes(3))
                                .jitter(0.1)
                                .build())
                        .build())
                .handler(delivery -> {})
                .start()
                .close();
        builder()
                .retry(RetryPolicy.builder().fixed(REMEMBERED).maxAttempts(1).build())
                .handler(delivery -> {})
                .start()
                .close();
    }

    @Test
    void noClockCountsLongerThanItCan() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> InProcessIdempotency.create(Clock.systemUTC(), Duration.ofDays(36_501)))
                .withMessageContaining("36500 days");
    }

    private SubscriptionBuilder<String> builder() {
        return engine.subscribe().handlerTimeout(Duration.ofMinutes(1));
    }

    private void refuses(String property, UnaryOperator<SubscriptionBuilder<String>> setting) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> setting.apply(builder()).handler(delivery -> {}).start())
                .withMessageStartingWith(property + " = ")
                .withMessageContaining("PT4M")
                .withMessageContaining("rememberFor");
    }
}
