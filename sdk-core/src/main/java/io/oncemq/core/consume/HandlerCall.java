package io.oncemq.core.consume;

import io.oncemq.AsyncMessageHandler;
import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.MessageHandler;
import io.oncemq.MessageInterceptor.Handling;
import io.oncemq.core.Contained;
import io.oncemq.core.Observers;
import io.oncemq.core.ThrowableText;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one work on a worker: looks at the lease, decodes, calls the handler, sends what it derived, and posts the work back.
 * Bodies are decoded here, so bytes that cannot be decoded trouble their own key only. Thread-safe.
 */
final class HandlerCall<T> implements Consumer<Work> {
    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(HandlerCall.Attempt.class, "ended", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Codec<T> codec;
    private final @Nullable MessageHandler<T> handler;
    private final @Nullable AsyncMessageHandler<T> asyncHandler;
    private final @Nullable Semaphore permits;
    private final SubscriptionSpec spec;
    private final EngineContext context;
    private final Observers observers;
    private final LongSupplier ticker;
    private final List<String> cloudEventsPrefixes;
    private final Consumer<Runnable> loop;

    HandlerCall(
            Codec<T> codec,
            @Nullable MessageHandler<T> handler,
            @Nullable AsyncMessageHandler<T> asyncHandler,
            @Nullable Semaphore permits,
            SubscriptionSpec spec,
            EngineContext context,
            Consumer<Runnable> loop) {
        this.codec = codec;
        this.handler = handler;
        this.asyncHandler = asyncHandler;
        this.permits = permits;
        this.spec = spec;
        this.context = context;
        this.observers = context.observers();
        this.ticker = context.ticker();
        this.cloudEventsPrefixes = SubscriptionRun.cloudEventsPrefixes(context.transport());
        this.loop = loop;
    }

    @Override
    public void accept(Work work) {
        long now = ticker.getAsLong();
        if (!work.begin(Thread.currentThread(), now)) {
            releasePermit();
        } else if (work.claimed && !work.holdsLease(now)) {
            work.notStarted = true;
            work.end();
            releasePermit();
            loop.accept(work);
        } else if (handler != null) {
            call(work, handler);
        } else if (asyncHandler != null) {
            call(work, asyncHandler);
        }
    }

    private void call(Work work, MessageHandler<T> sync) {
        try {
            Attempt attempt = new Attempt(work);
            try (LogContext ignored = LogContext.of(spec, work)) {
                Throwable failure = Contained.run(() -> sync.handle(attempt.begin()));
                threadIsFree(work);
                attempt.conclude(failure);
            }
        } catch (Throwable e) {
            threadIsFree(work);
            throw e;
        } finally {
            loop.accept(work);
        }
    }

    private void call(Work work, AsyncMessageHandler<T> async) {
        Attempt attempt = null;
        try {
            attempt = new Attempt(work);
            call(work, async, attempt);
        } catch (Throwable e) {
            threadIsFree(work);
            if (attempt == null) {
                giveBack(work);
                throw e;
            }
            attempt.end(e);
        }
    }

    /** The thread is free again before the stage is looked at, so a late interrupt cannot hit somebody else's handler. */
    private void call(Work work, AsyncMessageHandler<T> async, Attempt attempt) {
        Throwable failure;
        try (LogContext ignored = LogContext.of(spec, work)) {
            failure = Contained.run(() -> attempt.stage = async.handle(attempt.begin()));
            threadIsFree(work);
            attempt.leave();
        }
        CompletionStage<?> stage = attempt.stage;
        if (failure == null && stage == null) {
            failure = new IllegalStateException(
                    "handling message " + work.identity.id()
                            + ": the asynchronous handler returned no stage (null). Return one that completes when the message is handled.");
        } else if (stage != null) {
            failure = Contained.run(() -> stage.whenComplete((none, thrown) -> attempt.end(unwrapped(thrown))));
        }
        if (failure != null) {
            attempt.end(failure);
        }
    }

    /** The handler has returned; an interrupt that it leaves, or that was meant for it, is not for what follows. */
    private static void threadIsFree(Work work) {
        work.end();
        Thread.interrupted();
    }

    private void giveBack(Work work) {
        try {
            releasePermit();
        } finally {
            loop.accept(work);
        }
    }

    private static @Nullable Throwable unwrapped(@Nullable Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? ThrowableText.cause(thrown) : null;
        return cause == null ? thrown : cause;
    }

    /** One run of the handler. Whatever its parts throw, it ends once and its work is posted back. */
    private final class Attempt {
        private final Work work;
        /** Updated by {@link #ENDED}; a handler that answers at once ends once by itself. */
        @SuppressWarnings("unused")
        private volatile boolean ended;

        private @Nullable EngineDelivery<T> delivery;
        private @Nullable Handling handling;
        private @Nullable CompletionStage<?> stage;

        Attempt(Work work) {
            this.work = work;
        }

        /** From here on the calling thread works for the message, where somebody observes. */
        EngineDelivery<T> begin() {
            EngineDelivery<T> begun = new EngineDelivery<>(
                    work, decoded(work), spec.rememberedGroup(), cloudEventsPrefixes, ticker, context.republisher());
            delivery = begun;
            if (!observers.none()) {
                Handling observed = observers.handling(spec.destination(), spec.reader(), begun);
                handling = observed;
                observed.enter();
            }
            return begun;
        }

        /** A stage is over, on whatever thread. One that completes a second time is not listened to. */
        void end(@Nullable Throwable failure) {
            if (!ENDED.compareAndSet(this, false, true)) {
                return;
            }
            try (LogContext ignored = LogContext.of(spec, work)) {
                if (handling != null) {
                    handling.enter();
                }
                conclude(failure);
            } finally {
                giveBack(work);
            }
        }

        /**
         * Sends what was derived if it succeeded. Nothing can be derived from here on, also if it failed. The one place that takes the
         * failure off a work, when nothing is left that could go wrong with it.
         */
        void conclude(@Nullable Throwable failure) {
            if (failure != null) {
                work.failure = failure;
            }
            DerivedMessages derived = delivery == null ? null : delivery.end();
            Throwable outcome = failure;
            if (failure == null && derived != null) {
                outcome = Contained.run(() -> derived.send(handling));
                work.derived = outcome == null ? derived : null;
            }
            work.failure = outcome;
            leave();
            if (handling != null) {
                handling.ended(outcome);
            }
        }

        void leave() {
            if (handling != null) {
                handling.leave();
            }
        }
    }

    private @Nullable T decoded(Work work) {
        String unreadable = work.message.unreadable();
        if (unreadable != null) {
            throw new CodecException("message " + work.identity.id() + " cannot be converted: " + unreadable, null);
        }
        byte[] body = work.message.body();
        return body == null ? null : codec.decode(body, work.message.headers());
    }

    private void releasePermit() {
        if (permits != null) {
            permits.release();
        }
    }
}
