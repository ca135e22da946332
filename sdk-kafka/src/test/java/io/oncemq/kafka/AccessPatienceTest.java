package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class AccessPatienceTest {
    private static final SourceSpec SPEC = new SourceSpec(
            "orders",
            "billing",
            StartPosition.EARLIEST,
            LostPositions.STOP,
            Ordering.PER_KEY,
            100,
            Duration.ofMinutes(5),
            Duration.ofSeconds(5));

    private final Heard heard = new Heard();
    private long now;
    private final AccessPatience patience = new AccessPatience(SPEC, heard, () -> now);

    @Test
    void failsAtOnceWhatWasNeverLetIn() {
        assertThat(patience.bears(new SaslAuthenticationException("no"))).isFalse();
        assertThat(heard.events).isEmpty();
    }

    @Test
    void bearsARefusalForAMinuteAndTellsOnce() {
        patience.letIn();
        assertThat(patience.bears(new SaslAuthenticationException("no"))).isTrue();
        advance(AccessPatience.PATIENCE.minusSeconds(1));
        assertThat(patience.bears(new TopicAuthorizationException("no"))).isTrue();
        advance(Duration.ofSeconds(1));
        assertThat(patience.bears(new SaslAuthenticationException("no"))).isFalse();
        assertThat(heard.events).hasSize(1).first().isInstanceOfSatisfying(AccessRefused.class, refused -> {
            assertThat(refused.destination()).isEqualTo("orders");
            assertThat(refused.patience()).isEqualTo(AccessPatience.PATIENCE);
        });
    }

    @Test
    void aQuietTurnBetweenTwoAttemptsIsNoReturn() {
        patience.letIn();
        patience.bears(new SaslAuthenticationException("no"));
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
        patience.bears(new SaslAuthenticationException("no"));
        patience.well(true);
        advance(AccessPatience.PATIENCE);
        assertThat(patience.bears(new SaslAuthenticationException("no"))).isTrue();
        assertThat(heard.events)
                .extracting(Object::getClass)
                .containsExactly(AccessRefused.class, AccessRegained.class, AccessRefused.class);
    }

    @Test
    void leavesOtherErrorsToOthers() {
        patience.letIn();
        assertThat(patience.bears(new NetworkException("gone"))).isFalse();
        patience.well(true);
        assertThat(heard.events).isEmpty();
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
