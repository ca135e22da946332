package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.DeliveryCompleted;
import io.oncemq.MessagingEvent.StoreUnavailable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class ClaimedThenDone extends Scenario {
    ClaimedThenDone(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("D9 D12 a DONE that got no answer is repeated until it is answered, and the handler is not run again")
    final void doneInDoubtIsRepeatedWithoutTheHandler() throws Exception {
        String orders = destination(1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch storeIsSilent = new CountDownLatch(1);
        MessagingClient first = client();
        subscribe(first, orders)
                .handler(effects.by("first", delivery -> {
                    started.countDown();
                    awaitSignal(storeIsSilent);
                }))
                .start();
        publish(orders, message("1", "a"));
        awaitSignal(started);
        fixture.pauseStore();
        storeIsSilent.countDown();
        awaitHandled("1");
        awaitEvent(StoreUnavailable.class);
        assertThat(events.of(DeliveryCompleted.class)).isEmpty();
        fixture.resumeStore();
        publish(orders, message("2", "a"));
        awaitHandled("2");
        first.close();
        publish(orders, message("1", "a"), message("end", "a"));
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitHandled("end");
        assertThat(effects.ids()).containsExactly("1", "2", "end");
        assertThat(effects.starts()).hasSize(3);
    }

    @Test
    @DisplayName("D4 the claim of a dead owner is waited for, and then its message is handled")
    final void claimOfADeadOwnerIsWaitedFor() {
        String orders = destination(1);
        Member dead = closing(Member.start(fixture, orders, GROUP));
        publish(orders, message("1", "a", Member.HOLD));
        dead.awaitLine("BEGIN 1");
        dead.kill();
        subscribe(client(), orders).handler(effects.by("second")).start();
        publish(orders, message("2", "a"), message("3", "b"));
        awaitHandled("1", "2", "3");
        assertThat(effects.firstBodies("a")).containsExactly(Member.HOLD, "2");
        assertThat(effects.repeated()).isEmpty();
    }
}
