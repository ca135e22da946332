package io.oncemq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.AuthenticationException;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.AccessRegained;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessPatienceTest {
    private static final SourceSpec SPEC = SourceSpec.builder("orders", "billing")
            .maxInFlight(100)
            .maxInFlightBytes(1 << 20)
            .drainDeadline(Duration.ofSeconds(5))
            .build();

    private static final AuthenticationException REFUSAL = new AuthenticationException("no");

    private final List<MessagingEvent> events = new ArrayList<>();
    private long now;
    private final AccessPatience patience = new AccessPatience(SPEC, events::add, () -> now);

    @Test
    void failsAtOnceWhatWasNeverLetIn() {
        assertThat(patience.bears(REFUSAL)).isFalse();
        assertThat(events).isEmpty();
    }

    @Test
    void bearsARefusalForAMinuteAndTellsOnce() {
        patience.letIn();
        assertThat(patience.bears(REFUSAL)).isTrue();
        for (int tries = 0; tries < 5; tries++) {
            advance(Duration.ofSeconds(10));
            assertThat(patience.bears(REFUSAL)).isTrue();
        }
        advance(Duration.ofSeconds(9));
        assertThat(patience.bears(REFUSAL)).isTrue();
        advance(Duration.ofSeconds(1));
        assertThat(patience.bears(REFUSAL)).isFalse();
        assertThat(events).hasSize(1).first().isInstanceOfSatisfying(AccessRefused.class, refused -> {
            assertThat(refused.destination()).isEqualTo("orders");
            assertThat(refused.patience()).isEqualTo(AccessPatience.PATIENCE);
        });
    }

    /** Two connections that are refused once each, a minute apart, are not a login that has been refused for a minute. */
    @Test
    void aRefusalLongAfterTheLastBeginsAnew() {
        patience.letIn();
        assertThat(patience.bears(REFUSAL)).isTrue();
        advance(AccessPatience.PATIENCE);
        assertThat(patience.bears(REFUSAL)).isTrue();
        advance(AccessPatience.APART);
        assertThat(patience.bears(REFUSAL)).isTrue();
        assertThat(events).hasSize(1);
    }

    @Test
    void aQuietTurnBetweenTwoAttemptsIsNoReturn() {
        patience.letIn();
        patience.bears(REFUSAL);
        advance(AccessPatience.QUIET.minusNanos(1));
        patience.well(false);
        assertThat(events).hasSize(1);
        advance(Duration.ofNanos(1));
        patience.well(false);
        assertThat(events).last().isInstanceOf(AccessRegained.class);
    }

    @Test
    void messagesProveThatItIsInAgainAndTheNextRefusalGetsItsOwnMinute() {
        patience.letIn();
        patience.bears(REFUSAL);
        patience.well(true);
        advance(AccessPatience.PATIENCE);
        assertThat(patience.bears(REFUSAL)).isTrue();
        assertThat(events)
                .extracting(Object::getClass)
                .containsExactly(AccessRefused.class, AccessRegained.class, AccessRefused.class);
    }

    private void advance(Duration time) {
        now += time.toNanos();
    }
}
