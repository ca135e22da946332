package io.oncemq.core.consume;

import io.oncemq.AsyncMessageHandler;
import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.MessageHandler;
import io.oncemq.MessageObserver.Handling;
import io.oncemq.core.Observers;
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
        this.cloudEventsPrefixes = EngineSubscription.cloudEventsPrefixes(context.transport());
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
        DerivedMessages derived = null;
        Handling handling = null;
        try (LogContext ignored = LogContext.of(spec, work)) {
            try {
                EngineDelivery<T> delivery = delivery(work);
                handling = observed(delivery);
                sync.handle(delivery);
                derived = delivery.end();
            } catch (Throwable e) {
                work.failure = e;
            }
            work.end();
            succeed(work, derived, handling);
            if (handling != null) {
                handling.leave();
                handling.ended(work.failure);
            }
        }
        loop.accept(work);
    }

    /** Null if nobody observes; else the calling thread works for the message from here on. */
    private @Nullable Handling observed(EngineDelivery<T> delivery) {
        if (observers.none()) {
            return null;
        }
        Handling handling = observers.handling(spec.destination(), spec.reader(), delivery);
        handling.enter();
        return handling;
    }

    /** The thread is free again before the stage is looked at, so a late interrupt cannot hit somebody else's handler. */
    private void call(Work work, AsyncMessageHandler<T> async) {
        Handling handling = null;
        EngineDelivery<T> delivery;
        CompletionStage<?> stage;
        LogContext context = LogContext.of(spec, work);
        try {
            delivery = delivery(work);
            handling = observed(delivery);
            stage = async.handle(delivery);
        } catch (Throwable e) {
            work.failure = e;
            work.end();
            leave(handling);
            context.close();
            end(work, null, handling);
            return;
        }
        work.end();
        leave(handling);
        context.close();
        Handling until = handling;
        stage.whenComplete((none, failure) -> {
            work.failure = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : failure;
            end(work, delivery.end(), until);
        });
    }

    private static void leave(@Nullable Handling handling) {
        if (handling != null) {
            handling.leave();
        }
    }

    private void end(Work work, @Nullable DerivedMessages derived, @Nullable Handling handling) {
        try (LogContext ignored = LogContext.of(spec, work)) {
            if (handling == null) {
                succeed(work, derived, null);
            } else {
                handling.enter();
                succeed(work, derived, handling);
                handling.leave();
                handling.ended(work.failure);
            }
        }
        releasePermit();
        loop.accept(work);
    }

    private static void succeed(Work work, @Nullable DerivedMessages derived, @Nullable Handling handling) {
        if (work.failure == null && derived != null) {
            work.derived = derived;
            derived.send(handling);
        }
    }

    private EngineDelivery<T> delivery(Work work) {
        return new EngineDelivery<>(
                work, decoded(work), spec.rememberedGroup(), cloudEventsPrefixes, ticker, context.republisher());
    }

    private @Nullable T decoded(Work work) {
        byte[] body = work.message.body();
        if (body == null) {
            return null;
        }
        try {
            return codec.decode(body, work.message.headers());
        } catch (CodecException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CodecException("the body of message " + work.identity.id() + " cannot be decoded", e);
        }
    }

    private void releasePermit() {
        if (permits != null) {
            permits.release();
        }
    }
}
