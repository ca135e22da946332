package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.ClientClosedException;
import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.SubscriptionFailed;
import io.oncemq.MessagingEvent.SubscriptionRestarted;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.Subscription.State;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a subscription and its client end, from whichever thread, and begin again. */
@Timeout(120)
class LifeCycleTest {
    /** Longer than a test may take: a wait for it fails. */
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private final EngineHarness engine = new EngineHarness();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        engine.source.acknowledgeFails = null;
        engine.close();
    }

    @Test
    void closingInterruptedDrainsAndKeepsTheFlag() throws InterruptedException {
        Subscription subscription = engine.handle(delivery -> waitForRelease(delivery.id()));
        Shard shard = engine.source.assign("orders-0");
        engine.source.deliver(shard, "a", "key");
        begun.await();
        AtomicBoolean kept = new AtomicBoolean();
        Thread closer = interrupted(() -> subscription.close(DEADLINE), kept);
        await().until(() -> subscription.state() == State.CLOSING);
        release.countDown();
        closer.join();

        assertThat(kept).isTrue();
        assertThat(subscription.state()).isEqualTo(State.CLOSED);
        assertThat(engine.store.count(StoreCommand.Type.COMPLETE)).isEqualTo(1);
        assertThat(engine.source.through(shard)).isZero();
        assertThat(handled).containsExactly("a");
        assertNoThreadIsLeft();
    }

    @Test
    void closingAClientInterruptedClosesNothingUnderARunningHandler() throws InterruptedException {
        AtomicReference<String> handledBefore = new AtomicReference<>();
        engine.source.whenTransportCloses = () -> handledBefore.set(handled.toString());
        MessagingClient client = client();
        client.subscription("orders", Codecs.string())
                .group("billing")
                .handler(delivery -> waitForRelease(delivery.id()))
                .start();
        Shard shard = engine.source.assign("orders-0");
        engine.source.deliver(shard, "a", "key");
        begun.await();
        AtomicBoolean kept = new AtomicBoolean();
        Thread closer = interrupted(() -> client.close(DEADLINE), kept);
        await().until(() -> isClosed(client));
        release.countDown();
        closer.join();

        assertThat(kept).isTrue();
        assertThat(handledBefore).hasValue("[a]");
        assertThat(engine.source.through(shard)).isZero();
        assertNoThreadIsLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingInsideAHandlerReturnsAtOnceAndItsMessageIsSettled(boolean ofClient) throws InterruptedException {
        MessagingClient client = client();
        AtomicReference<Subscription> own = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        own.set(client.subscription("orders", Codecs.string())
                .group("billing")
                .handler(delivery -> {
                    started.await();
                    if (ofClient) {
                        client.close(DEADLINE);
                    } else {
                        own.get().close(DEADLINE);
                    }
                    handled.add(delivery.id());
                })
                .start());
        started.countDown();
        Shard shard = engine.source.assign("orders-0");
        engine.source.deliver(shard, "a", "key");

        assertThat(own.get().awaitTermination(Duration.ofSeconds(60))).isTrue();
        assertThat(own.get().state()).isEqualTo(State.CLOSED);
        assertThat(handled).containsExactly("a");
        assertThat(engine.source.through(shard)).isZero();
        client.close(DEADLINE);
        assertNoThreadIsLeft();
    }

    @Test
    void closingInsideAListenerReturnsAtOnce() throws InterruptedException {
        AtomicReference<Subscription> own = new AtomicReference<>();
        engine.listeners.add(event -> {
            if (event instanceof DuplicateSuppressed) {
                own.get().close(DEADLINE);
            }
        });
        own.set(engine.handle(delivery -> handled.add(delivery.id())));
        Shard shard = engine.source.assign("orders-0");
        engine.source.deliver(shard, "a", "key");
        engine.source.deliver(shard, "a", "key");

        assertThat(own.get().awaitTermination(Duration.ofSeconds(60))).isTrue();
        assertThat(engine.source.through(shard)).isEqualTo(1);
        assertNoThreadIsLeft();
    }

    @Test
    void aCrashOfTheEventLoopFailsTheSubscriptionAndLeavesNoThread() throws InterruptedException {
        Subscription subscription = crashed();
        assertThat(engine.events(SubscriptionFailed.class)).hasSize(1);
        assertThat(subscription.failure()).get().isInstanceOf(NoSuchMethodError.class);
        assertNoThreadIsLeft();
    }

    @Test
    void whatHasFailedCanBeStartedAgain() throws InterruptedException {
        Subscription subscription = crashed();
        SourceListener before = engine.source.listener();
        engine.source.acknowledgeFails = null;
        subscription.restart();

        assertThat(subscription.state()).isEqualTo(State.RUNNING);
        assertThat(subscription.failure()).isEmpty();
        assertThat(engine.events(SubscriptionRestarted.class)).hasSize(1);
        before.onFailure(new IllegalStateException("of the run before, late"));
        assertThat(subscription.state()).isEqualTo(State.RUNNING);
        Shard shard = engine.source.assign("orders-0");
        engine.source.deliver(shard, "a", "key");
        engine.source.deliver(shard, "b", "key");
        await().until(() -> engine.source.through(shard) == 1);
        assertThat(handled).as("its DONE was stored before the crash").containsExactly("a", "b");
        assertThat(subscription.awaitTermination(Duration.ZERO)).isFalse();

        engine.source.listener().onFailure(new IllegalStateException("once more"));
        subscription.awaitTermination();
        subscription.restart();
        assertThat(subscription.state()).isEqualTo(State.RUNNING);
        subscription.close(DEADLINE);
        assertThat(subscription.state()).isEqualTo(State.CLOSED);
        assertNoThreadIsLeft();
    }

    @Test
    void onlyWhatHasFailedCanBeStartedAgain() throws InterruptedException {
        MessagingClient client = client();
        Subscription running = client.subscription("orders", Codecs.string())
                .group("billing")
                .handler(delivery -> {})
                .start();
        assertThatThrownBy(running::restart)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("RUNNING");
        engine.source.listener().onFailure(new IllegalStateException("failed"));
        running.awaitTermination();
        client.close(DEADLINE);
        assertThatThrownBy(running::restart).isInstanceOf(ClientClosedException.class);

        Subscription closed = crashed();
        closed.close();
        assertThat(closed.state()).isEqualTo(State.CLOSED);
        assertThat(closed.failure()).as("why it had stopped").isPresent();
        assertThatThrownBy(closed::restart)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it was closed");
    }

    @Test
    void pausingAndResumingAtOnceLeavesWorkersAsTheStateSays() throws InterruptedException {
        Subscription subscription = engine.handle(delivery -> handled.add(delivery.id()));
        Shard shard = engine.source.assign("orders-0");
        for (int round = 0; round < 300; round++) {
            Thread other = new Thread(() -> {
                subscription.pause();
                subscription.resume();
            });
            other.start();
            subscription.pause();
            subscription.resume();
            other.join();
            assertThat(subscription.state()).isEqualTo(State.RUNNING);
            engine.source.deliver(shard, "m" + round, "key");
            int count = round + 1;
            await().pollInterval(Duration.ofMillis(1)).until(() -> handled.size() == count);
        }
    }

    private Subscription crashed() throws InterruptedException {
        engine.source.acknowledgeFails = new NoSuchMethodError("of the loop");
        Subscription subscription = engine.handle(delivery -> handled.add(delivery.id()));
        engine.source.deliver(engine.source.assign("orders-0"), "a", "key");
        assertThat(subscription.awaitTermination(Duration.ofSeconds(20)))
                .as("without waiting for what the loop cannot answer any more")
                .isTrue();
        assertThat(subscription.state()).isEqualTo(State.FAILED);
        return subscription;
    }

    private MessagingClient client() {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(clientId -> engine.source)
                .idempotency(InProcessIdempotency.create())
                .build();
    }

    private static boolean isClosed(MessagingClient client) {
        try {
            client.pingStore();
            return false;
        } catch (ClientClosedException e) {
            return true;
        }
    }

    private void waitForRelease(String id) throws InterruptedException {
        begun.countDown();
        release.await();
        handled.add(id);
    }

    private static Thread interrupted(Runnable closing, AtomicBoolean kept) {
        Thread thread = new Thread(() -> {
            Thread.currentThread().interrupt();
            closing.run();
            kept.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        return thread;
    }

    private static void assertNoThreadIsLeft() {
        Consumer<List<String>> none = names -> assertThat(names).isEmpty();
        await().untilAsserted(() -> none.accept(Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("oncemq-") && name.contains("orders-billing"))
                .toList()));
    }
}
