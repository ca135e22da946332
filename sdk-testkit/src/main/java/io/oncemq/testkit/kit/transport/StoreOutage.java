package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.StoreAvailable;
import io.oncemq.MessagingEvent.StoreDataLost;
import io.oncemq.MessagingEvent.StoreUnavailable;
import io.oncemq.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class StoreOutage extends Scenario {
    private static final int SLOW = 6;
    private static final Duration LEASE = Duration.ofSeconds(8);

    StoreOutage(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("D9 while the store is silent nothing is handled; when it answers, consumption continues by itself")
    final void nothingIsHandledWhileTheStoreIsSilent() {
        outage(fixture::pauseStore, fixture::resumeStore);
    }

    @Test
    @DisplayName("D9 the same with a store that is killed and started again on its data")
    final void goesOnAfterTheStoreWasKilledAndStartedAgain() {
        outage(fixture::killStore, fixture::startStore);
    }

    @Test
    @DisplayName(
            "D8 a store that loses its data: never two handlers of one message, and consumption continues by itself")
    final void neverTwoHandlersOfAMessageThoughTheStoreLosesItsData() throws InterruptedException {
        String orders = destination(1);
        String replicas = destination(1);
        List<OutboundMessage<String>> both = IntStream.range(0, SLOW)
                .mapToObj(n -> message("m" + n, "key-" + n).source("/shop/" + orders))
                .toList();
        CountDownLatch running = new CountDownLatch(SLOW);
        CountDownLatch mayEnd = new CountDownLatch(1);
        EventLog others = new EventLog();
        subscribe(client(), orders)
                .lease(LEASE)
                .handler(effects.by("first", delivery -> {
                    running.countDown();
                    awaitSignal(mayEnd);
                }))
                .start();
        subscribe(client(others), replicas)
                .lease(LEASE)
                .handler(effects.by("second"))
                .start();
        publish(orders, both);
        awaitSignal(running);
        publish(replicas, both);
        publish(replicas, message("before", "other"));
        awaitHandled("before");
        fixture.loseStoreData();
        awaitEvent(StoreDataLost.class);
        await().until(() -> !others.of(StoreDataLost.class).isEmpty());
        publish(replicas, message("after", "other"));
        awaitHandled("after");
        holdsFor(LEASE, () -> assertThat(effects.overlaps()).isEmpty());
        mayEnd.countDown();
        await().until(() -> others.of(DuplicateSuppressed.class).size() >= SLOW);
        assertThat(effects.starts()).hasSize(SLOW + 2);
        assertThat(effects.repeated()).isEmpty();
    }

    private void outage(Runnable begin, Runnable end) {
        String orders = destination(2, GROUP, "without-store");
        subscribe(client(), orders).handler(effects.by("with")).start();
        publishNumbers(orders, 0, 50);
        awaitEffects(50);
        begin.run();
        publishNumbers(orders, 50, 100);
        Effects visible = new Effects();
        subscribe(clientWithoutStore(), orders, "without-store")
                .handler(visible.by("without"))
                .start();
        await().until(() -> visible.ids().stream().distinct().count() == 100);
        awaitEvent(StoreUnavailable.class);
        holdsFor(Duration.ofSeconds(2), () -> assertThat(effects.starts()).hasSize(50));
        end.run();
        awaitEffects(100);
        awaitEvent(StoreAvailable.class);
        publishNumbers(orders, 0, 120);
        awaitEffects(120);
        assertThat(effects.repeated()).isEmpty();
        assertThat(effects.size()).isEqualTo(120);
    }

    private void publishNumbers(String destination, int from, int to) {
        publish(
                destination,
                IntStream.range(from, to)
                        .mapToObj(n -> message("m" + n, "key-" + n % 7))
                        .toList());
    }
}
