package io.oncemq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.AuthenticationException;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.AccessRegained;
import io.oncemq.Ordering;
import io.oncemq.StartPosition;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessPatienceTest {
    private static final SourceSpec SPEC = new SourceSpec(
            "orders",
            "billing",
            StartPosition.EARLIEST,
            LostPositions.STOP,
            Ordering.PER_KEY,
            100,
            1 << 20,
            Duration.ofMinutes(5),
            Duration.ofSeconds(5),
            false,
            null);

    private static final AuthenticationException REFUSAL = new AuthenticationException("no");

    private final Heard heard = new Heard();
    private long now;
    private final AccessPatience patience = new AccessPatience(SPEC, heard, () -> now);

    @Test
    void failsAtOnceWhatWasNeverLetIn() {
        assertThat(patience.bears(REFUSAL)).isFalse();
        assertThat(heard.events).isEmpty();
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
        assertThat(heard.events).hasSize(1).first().isInstanceOfSatisfying(AccessRefused.class, refused -> {
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
        assertThat(heard.events).hasSize(1);
    }

    @Test
    void aQuietTurnBetweenTwoAttemptsIsNoReturn() {
        patience.letIn();
        patience.bears(REFUSAL);
        advance(AccessPatience.QUIET.minusNanos(1));
        patience.well(false);
        assertThat(heard.events).hasSize(1);
        advance(Duration.ofNanos(1));
        patience.well(false);
        assertThat(heard.events).last().isInstanceOf(AccessRegained.class);
    }

    @Test
    void messagesProveThatItIsInAgainAndTheNextRefusalGetsItsOwnMinute() {
        patience.letIn();
        patience.bears(REFUSAL);
        patience.well(true);
        advance(AccessPatience.PATIENCE);
        assertThat(patience.bears(REFUSAL)).isTrue();
        assertThat(heard.events)
                .extracting(Object::getClass)
                .containsExactly(AccessRefused.class, AccessRegained.class, AccessRefused.class);
    }

    private void advance(Duration time) {
        now += time.toNanos();
    }

    private static final class Heard implements SourceListener {
        final List<MessagingEvent> events = new ArrayList<>();

        @Override
        public void onAssigned(Collection<Shard> shards) {}

        @Override
        public void onMessages(Shard shard, List<InboundMessage> messages) {}

        @Override
        public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
            return List.of();
        }

        @Override
        public void onLost(Collection<Shard> shards) {}

        @Override
        public void onEvent(MessagingEvent event) {
            events.add(event);
        }

        @Override
        public void onFailure(Throwable cause) {}
    }
}
