package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.AsyncMessageHandler;
import io.oncemq.Codecs;
import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.LostPositions;
import io.oncemq.MessageHandler;
import io.oncemq.Ordering;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.core.Cluster;
import io.oncemq.core.Events;
import io.oncemq.core.LoopThreads;
import io.oncemq.core.Observers;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import io.oncemq.spi.Shard;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run of a handler leaves behind when the ground gives way beneath it. */
@Timeout(120)
class HandlerCallTest {
    private static final LoopThreads THREADS = new LoopThreads("handler-call-test");
    private static final SubscriptionSpec SPEC = new SubscriptionSpec(
            "orders",
            "billing",
            "",
            "orders",
            null,
            1,
            100,
            1_000_000,
            RetryPolicy.none(),
            DeadLetterPolicy.block(),
            Ordering.PER_KEY,
            CrashPolicy.REPROCESS,
            Duration.ofMinutes(1),
            Duration.ofDays(7),
            Duration.ofSeconds(20),
            StartPosition.EARLIEST,
            LostPositions.STOP,
            null,
            null);

    private boolean handled;
    private boolean posted;
    private int postedTooEarly;
    private int runs;

    @Test
    void aRunThatDoesNotConcludeHasFailed() {
        Work work = work();
        assertThat(work.failure).as("not let loose").isNull();
        work.queue();
        assertThat(work.failure).hasMessageContaining("did not conclude").hasNoSuppressedExceptions();
        call(false, null).accept(work);
        assertThat(work.failure).isNull();
        assertThat(posted).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noHandlerIsCalledOnAClaimWhoseLeaseHasLapsed(boolean lapsed) {
        Work work = queued();
        work.claimed = true;
        work.leaseUntil = System.nanoTime() + (lapsed ? 0 : Duration.ofHours(1).toNanos());
        call(false, null).accept(work);
        assertThat(handled).isEqualTo(!lapsed);
        assertThat(work.notStarted).isEqualTo(lapsed);
        assertThat(posted).isTrue();
    }

    /** Wherever in the run the stack ends: what was not handled is not posted as handled. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStackThatEndsAroundTheHandlerMakesNoSuccess(boolean async) throws InterruptedException {
        Semaphore permits = async ? new Semaphore(0) : null;
        HandlerCall<String> call = call(async, permits);
        call.accept(queued());
        Thread thread = new Thread(null, () -> descend(call, 1_000_000), "descends", 256 * 1024);
        thread.start();
        thread.join();
        assertThat(runs).as("every depth is another run").isGreaterThan(100);
        assertThat(postedTooEarly).isZero();
    }

    /** Down to the end of the stack, and a run at each level on the way back: the last levels have room for a part of it only. */
    private void descend(HandlerCall<String> call, int levels) {
        try {
            if (levels > 0) {
                descend(call, levels - 1);
            }
        } catch (StackOverflowError e) {
            // The end.
        }
        if (runs++ < 2000) {
            try {
                handled = false;
                call.accept(queued());
            } catch (StackOverflowError e) {
                // As the workers do, see Contained.
            }
        }
    }

    private HandlerCall<String> call(boolean async, Semaphore permits) {
        MessageHandler<String> sync = delivery -> handled = true;
        AsyncMessageHandler<String> later = delivery -> {
            handled = true;
            return CompletableFuture.completedFuture(null);
        };
        FakeSource transport = new FakeSource();
        EngineContext context = new EngineContext(
                transport,
                new Cluster(null, "fake", "1", List.of(), null),
                null,
                new Events(List.of()),
                new Observers(List.of()),
                1,
                false,
                THREADS,
                frame -> new CompletableFuture<>(),
                (destination, id) -> {},
                Runnable::run,
                System::nanoTime,
                Clock.systemUTC(),
                () -> {},
                ended -> {});
        return new HandlerCall<>(
                Codecs.string(), async ? null : sync, async ? later : null, permits, SPEC, context, this::post);
    }

    private void post(Runnable work) {
        posted = true;
        if (((Work) work).failure == null && !handled) {
            postedTooEarly++;
        }
    }

    private static Work queued() {
        Work work = work();
        work.queue();
        return work;
    }

    private static Work work() {
        InboundMessage message = InboundMessage.builder(0, 0).key("k").size(1).build();
        ShardState shard = new ShardState(new Shard("orders-0", 1, Shard.AcknowledgeMode.CUMULATIVE));
        return new Work(null, message, shard, new Identity("id", "scope", 0, null), new Owner(1, 1), 0);
    }
}
