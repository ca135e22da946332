package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Codecs;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Bounds extends Scenario {
    /** Far more than may be in flight. */
    private static final int BACKLOG = 1_500;

    Bounds(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("a backlog behind blocked handlers stays on the broker, but for the bound and one fetch")
    final void backlogBehindABlockedHandlerStaysOnTheBroker() {
        String orders = destination(1);
        publish(
                orders,
                IntStream.range(0, BACKLOG)
                        .mapToObj(n -> message("m" + n, "key-" + n % 50))
                        .toList());
        CountDownLatch go = new CountDownLatch(1);
        Subscription subscription = subscribe(client(), orders)
                .concurrency(2)
                .maxInFlight(100)
                .handler(effects.by("only", delivery -> awaitSignal(go)))
                .start();
        await().until(() -> effects.running() == 2);
        holdsFor(
                Duration.ofSeconds(1),
                () -> assertThat(subscription.inFlight()).isBetween(2, 100 + fixture.fetchAtMost(100)));
        go.countDown();
        awaitEffects(BACKLOG);
        assertThat(effects.repeated()).isEmpty();
        assertThat(effects.mostRunning()).isLessThanOrEqualTo(2);
        await().until(() -> subscription.inFlight() == 0);
    }

    @Test
    @DisplayName("publish blocks at its bound until there is room")
    final void publishBlocksAtItsBound() {
        String orders = destination(1);
        Publisher<String> publisher = plainClient()
                .publisher(
                        orders,
                        Codecs.string(),
                        PATIENT.toBuilder().maxInFlight(3).build());
        publisher.publish(message("warm", "a")).join();
        fixture.pauseBroker();
        List<CompletableFuture<Receipt>> open = IntStream.range(0, 3)
                .mapToObj(n -> publisher.publish(message("m" + n, "a")))
                .toList();
        CompletableFuture<CompletableFuture<Receipt>> fourth =
                CompletableFuture.supplyAsync(() -> publisher.publish(message("m3", "a")));
        holdsFor(Duration.ofSeconds(1), () -> assertThat(fourth).isNotDone());
        fixture.resumeBroker();
        fourth.join().join();
        assertThat(open).allSatisfy(receipt -> assertThat(receipt.join()).isNotNull());
    }
}
