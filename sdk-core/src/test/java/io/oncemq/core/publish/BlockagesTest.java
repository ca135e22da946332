package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishingBlocked;
import io.oncemq.MessagingEvent.PublishingUnblocked;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockagesTest {
    private static final String REASON = "low on memory";

    private final Rig rig = new Rig();

    @Test
    void anAlarmAndItsEndAreReportedOnce() {
        opened();
        rig.broker.session().listener().blocked(null, REASON);
        rig.broker.session().listener().blocked(null, "low on memory & disk");
        rig.run();
        rig.pass(Duration.ofSeconds(3));
        rig.broker.session().listener().unblocked(null);
        rig.broker.session().listener().unblocked(null);
        rig.run();
        assertThat(heard())
                .containsExactly(
                        new PublishingBlocked(null, REASON), new PublishingUnblocked(null, Duration.ofSeconds(3)));
    }

    @Test
    void aPauseOfTheSessionItselfIsNone() {
        opened();
        rig.broker.session().listener().writable(false);
        rig.run();
        rig.broker.session().listener().writable(true);
        rig.run();
        assertThat(heard()).isEmpty();
    }

    @Test
    void anAlarmThatOutlastsItsSessionIsReportedOnceAndEndsWithAConfirmation() {
        opened();
        for (int sessions = 0; sessions < 3; sessions++) {
            rig.broker.session().listener().blocked(null, REASON);
            rig.publish("more-" + sessions, "k");
            rig.run();
            rig.broker.session().fail();
            rig.pass(Duration.ofSeconds(5));
        }
        assertThat(rig.broker.sessions.size()).isGreaterThan(1);
        assertThat(heard()).containsExactly(new PublishingBlocked(null, REASON));
        rig.broker.session().confirm();
        rig.run();
        assertThat(heard()).last().isInstanceOf(PublishingUnblocked.class);
    }

    @Test
    void destinationsAreReportedApart() {
        opened();
        rig.broker.session().listener().blocked("orders", "the address is full");
        rig.broker.session().listener().blocked("bills", "the address is full");
        rig.broker.session().listener().unblocked("orders");
        rig.run();
        assertThat(heard())
                .containsExactly(
                        new PublishingBlocked("orders", "the address is full"),
                        new PublishingBlocked("bills", "the address is full"),
                        new PublishingUnblocked("orders", Duration.ZERO));
    }

    private void opened() {
        rig.publish("1", "k");
        rig.run();
        rig.broker.session().confirm();
        rig.run();
    }

    private List<MessagingEvent> heard() {
        return rig.heard(MessagingEvent.class).stream()
                .filter(event -> event instanceof PublishingBlocked || event instanceof PublishingUnblocked)
                .toList();
    }
}
