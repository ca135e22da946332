package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingEvent.PartitionsRevoked;
import io.oncemq.Subscription;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class PauseResume extends Scenario {
    PauseResume(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName(
            "a paused subscription starts nothing, lets the running handler finish, keeps its shards, and continues")
    final void startsNothingWhilePaused() throws Exception {
        String orders = destination(1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch paused = new CountDownLatch(1);
        Subscription subscription = subscribe(client(), orders)
                .concurrency(1)
                .handler(effects.by("only", delivery -> {
                    started.countDown();
                    awaitSignal(paused);
                }))
                .start();
        publish(orders, message("1", "a"));
        awaitSignal(started);
        publish(orders, message("2", "a"), message("3", "b"));
        subscription.pause();
        assertThat(subscription.state()).isEqualTo(Subscription.State.PAUSED);
        paused.countDown();
        awaitHandled("1");
        publish(orders, message("4", "c"));
        holdsFor(Duration.ofSeconds(2), () -> assertThat(effects.starts()).hasSize(1));
        subscription.resume();
        awaitHandled("1", "2", "3", "4");
        assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
        assertThat(effects.repeated()).isEmpty();
        assertThat(events.of(PartitionsRevoked.class)).isEmpty();
    }
}
