package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingClient;
import io.oncemq.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class CloseDrains extends Scenario {
    /** Threads that outlive a test without being of a client. */
    private static final String NOT_OURS =
            "(?i).*(awaitility|process reaper|ForkJoin|CompletableFutureDelay|VirtualThread-unparker|junit|proxy).*";

    private static final Duration LEASE = Duration.ofMinutes(2);

    CloseDrains(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("after close no handler runs and none starts, and what was handled does not come back")
    final void noHandlerRunsAfterClose() {
        String orders = destination(2);
        publish(
                orders,
                IntStream.range(0, 2_000)
                        .mapToObj(n -> message("m" + n, "key-" + n % 20))
                        .toList());
        CountDownLatch never = new CountDownLatch(1);
        Subscription subscription = subscribe(client(), orders)
                .handler(effects.by("first", delivery -> {
                    // So that there is something left when it is closed, however late that is.
                    if (effects.size() > 1_000) {
                        never.await(500, TimeUnit.MILLISECONDS);
                    }
                }))
                .start();
        awaitAtLeastEffects(50);
        subscription.close();
        int running = effects.running();
        int handled = effects.size();
        assertThat(running).isZero();
        assertThat(subscription.state()).isEqualTo(Subscription.State.CLOSED);
        holdsFor(Duration.ofSeconds(2), () -> assertThat(effects.starts()).hasSize(handled));
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitEffects(2_000);
        assertThat(effects.repeated()).isEmpty();
    }

    @Test
    @DisplayName(
            "messages that were claimed and never started are taken by another client at once, not after the lease")
    final void unstartedMessagesAreTakenByAnotherClientAtOnce() throws Exception {
        String orders = destination(1);
        publish(
                orders,
                IntStream.range(0, 20)
                        .mapToObj(n -> message("m" + n, "key-" + n))
                        .toList());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        MessagingClient first = client();
        Subscription subscription = subscribe(first, orders)
                .lease(LEASE)
                .concurrency(1)
                .handler(effects.by("first", delivery -> {
                    started.countDown();
                    awaitSignal(closing);
                }))
                .start();
        awaitSignal(started);
        await().until(() -> subscription.inFlight() == 20);
        Thread closer = new Thread(first::close, "closer");
        closer.start();
        await().until(() -> subscription.inFlight() == 1);
        closing.countDown();
        closer.join(fixture.patience().toMillis());
        assertThat(effects.ids()).hasSize(1);
        long closed = System.nanoTime();
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitEffects(20);
        assertThat(Duration.ofNanos(System.nanoTime() - closed)).isLessThan(LEASE);
        assertThat(effects.repeated()).isEmpty();
    }

    @Test
    @DisplayName("a stuck handler is interrupted at the deadline, and close returns")
    final void deadlineEndsTheWaitForAStuckHandler() throws Exception {
        String orders = destination(1);
        publish(orders, message("1", "a"));
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Subscription subscription = subscribe(client(), orders)
                .handler(effects.by("only", delivery -> {
                    started.countDown();
                    try {
                        awaitSignal(new CountDownLatch(1));
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }))
                .start();
        awaitSignal(started);
        long begin = System.nanoTime();
        subscription.close(Duration.ofSeconds(1));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        awaitSignal(interrupted);
        assertThat(effects.ids()).isEmpty();
    }

    @Test
    @DisplayName("a closed client leaves no thread behind")
    final void leavesNoThreads() {
        String orders = destination(2);
        publish(
                orders,
                IntStream.range(0, 100)
                        .mapToObj(n -> message("m" + n, "key-" + n))
                        .toList());
        // A pool of the other client could begin another thread meanwhile.
        plainClient().close();
        Set<Thread> before = threads();
        MessagingClient client = client();
        subscribe(client, orders).handler(effects.by("only")).start();
        client.publisher(orders, io.oncemq.Codecs.string())
                .publish(message("own", "a"))
                .join();
        awaitEffects(101);
        client.close();
        await().untilAsserted(() -> assertThat(threads().stream()
                        .filter(thread -> !before.contains(thread))
                        .map(Thread::getName))
                .isEmpty());
    }

    @Test
    @DisplayName(
            "a client that is closed by an interrupted thread settles what runs, keeps the flag and leaves no thread")
    final void anInterruptedCloseSettlesWhatRuns() throws Exception {
        String orders = destination(1);
        publish(orders, List.of(message("1", "a"), message("2", "b")));
        plainClient().close();
        Set<Thread> before = threads();
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean kept = new AtomicBoolean();
        MessagingClient client = client();
        Subscription subscription = subscribe(client, orders)
                .handler(effects.by("first", delivery -> {
                    started.countDown();
                    awaitSignal(release);
                }))
                .start();
        awaitSignal(started);
        Thread closer = new Thread(
                () -> {
                    Thread.currentThread().interrupt();
                    client.close(fixture.patience());
                    kept.set(Thread.currentThread().isInterrupted());
                },
                "closer");
        closer.start();
        await().until(() -> subscription.state() != Subscription.State.RUNNING);
        release.countDown();
        closer.join();
        assertThat(kept).isTrue();
        assertThat(effects.ids()).containsExactlyInAnyOrder("1", "2");
        await().untilAsserted(() -> assertThat(threads().stream()
                        .filter(thread -> !before.contains(thread))
                        .map(Thread::getName))
                .isEmpty());
        MessagingClient next = client();
        next.publisher(orders, io.oncemq.Codecs.string())
                .publish(message("3", "a"))
                .join();
        subscribe(next, orders).handler(effects.by("second")).start();
        awaitEffects(3);
        assertThat(effects.repeated()).isEmpty();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !thread.getName().matches(NOT_OURS))
                .collect(Collectors.toSet());
    }
}
