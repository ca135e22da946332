package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.core.IntervalFunction;
import io.oncemq.Headers;
import io.oncemq.MessagingEvent;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The pipeline's parts on the test's own thread, with a clock that the test moves: every interleaving can be repeated. */
final class Rig {
    static final Duration DEADLINE = Duration.ofSeconds(30);
    /** Without spread, so that a run can be repeated. */
    static final BackOffs BACK_OFFS = new BackOffs(
            IntervalFunction.ofExponentialBackoff(50, 2, 5_000),
            IntervalFunction.ofExponentialBackoff(500, 2, 5_000),
            IntervalFunction.ofExponentialBackoff(50, 2, 2_000));

    final FakeBroker broker;
    final InFlightBudget budget = new InFlightBudget(10_000, 32 << 20);
    final List<MessagingEvent> events = new ArrayList<>();
    final Freezes freezes = new Freezes();
    final Queue<Runnable> connecting = new ArrayDeque<>();
    final Outcomes outcomes = new Outcomes(new Events(List.of(events::add)));
    final ShardCounts counts = new ShardCounts(outcomes::emit);
    final Sender sender;
    long nanos = 1_000_000_000L;

    Rig() {
        this(PublishOrder.SESSION_PREFIX);
    }

    Rig(PublishOrder order) {
        this(order, BACK_OFFS);
    }

    Rig(PublishOrder order, BackOffs backOffs) {
        broker = new FakeBroker(order);
        sender = new Sender(broker, connecting::add, "rig", outcomes, freezes, counts, backOffs, () -> nanos);
    }

    static OutboundFrame frame(String id, @Nullable String key) {
        return frame("orders", id, key);
    }

    static OutboundFrame frame(String destination, String id, @Nullable String key) {
        return new OutboundFrame(
                destination, id, key, KeyHash.of(key == null ? id : key), Headers.empty(), new byte[10], 100);
    }

    CompletableFuture<Receipt> publish(String id, @Nullable String key) {
        return publish(frame(id, key), DEADLINE);
    }

    CompletableFuture<Receipt> publish(OutboundFrame frame, Duration deadline) {
        return submit(frame, deadline, null);
    }

    CompletableFuture<Receipt> submit(OutboundFrame frame, Duration deadline, @Nullable Recovery recovery) {
        if (budget.acquire(frame.size(), frame.keyHash(), true, nanos + deadline.toNanos(), () -> nanos) == null) {
            throw new IllegalStateException("no room");
        }
        Entry entry = entry(frame, deadline);
        entry.recovery = recovery;
        if (!sender.submit(entry)) {
            throw new IllegalStateException("the sender has ended");
        }
        return entry.future;
    }

    private Entry entry(OutboundFrame frame, Duration deadline) {
        OutboundMessage<?> message = OutboundMessage.of("body").id(frame.id());
        Entry entry = new Entry(
                frame, new PublishFuture(outcomes, message, null, null), budget.share(0), nanos + deadline.toNanos());
        entry.sequence = nanos;
        return entry;
    }

    /** Publishes again what failed, in the order of its first publishing. */
    List<CompletableFuture<Receipt>> republish(
            List<CompletableFuture<Receipt>> outcomes, Function<String, OutboundFrame> frames, Duration deadline) {
        List<CompletableFuture<Receipt>> again = new ArrayList<>(outcomes);
        List<Failed> failed = Failed.of(again, "orders");
        Recovery recovery = new Recovery(failed.stream()
                .map(one -> frames.apply(one.attempt().message().id()))
                .toList());
        freezes.reserve(recovery);
        for (Failed one : failed) {
            OutboundFrame frame = frames.apply(one.attempt().message().id());
            assertThat(budget.acquire(frame.size(), frame.keyHash(), true, nanos, () -> nanos))
                    .isNotNull();
            Entry entry = entry(frame, deadline);
            entry.order = one.order();
            entry.recovery = recovery;
            entry.unknownBefore = one.isUnknown();
            assertThat(sender.submit(entry)).isTrue();
            one.places().forEach(place -> again.set(place, entry.future));
        }
        return again;
    }

    /** Runs everything that is due, until nothing moves any more. */
    void run() {
        for (int i = 0; i < 6; i++) {
            turn();
            connect();
        }
        turn();
    }

    void turn() {
        sender.turn();
        outcomes.drain();
    }

    void connect() {
        for (Runnable task = connecting.poll(); task != null; task = connecting.poll()) {
            task.run();
        }
    }

    /** Moves the clock in steps, so that back-offs end on the way. */
    void pass(Duration time) {
        long until = nanos + time.toNanos();
        while (nanos < until) {
            nanos = Math.min(until, nanos + Duration.ofMillis(100).toNanos());
            run();
        }
    }

    static Throwable failure(CompletableFuture<Receipt> outcome) {
        assertThat(outcome).isCompletedExceptionally();
        return outcome.handle((receipt, failure) -> failure).join();
    }

    static Reason reason(CompletableFuture<Receipt> outcome) {
        assertThat(failure(outcome)).isInstanceOf(PublishRejectedException.class);
        return ((PublishRejectedException) failure(outcome)).reason();
    }

    static void assertUnknown(CompletableFuture<Receipt> outcome) {
        assertThat(failure(outcome)).isInstanceOf(PublishOutcomeUnknownException.class);
    }

    /** Ends the sender and shows that it has kept no room. */
    void assertNothingIsLeft() {
        sender.end();
        outcomes.drain();
        assertThat(budget.messages()).isZero();
        assertThat(budget.bytes()).isZero();
    }

    <E extends MessagingEvent> List<E> heard(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
