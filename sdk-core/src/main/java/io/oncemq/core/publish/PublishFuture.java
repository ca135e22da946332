package io.oncemq.core.publish;

import io.oncemq.MessageInterceptor.Publishing;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishAttempt;
import io.oncemq.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the application holds of a publish. The engine completes it and never reads it, so that nothing the application does to it
 * reaches the engine. The outcome that the engine decided stands beside it.
 */
final class PublishFuture extends CompletableFuture<Receipt> {
    private final Outcomes outcomes;
    private final @Nullable Executor executor;
    private final @Nullable Publishing observer;
    /** Read and then dropped by the thread that decides the outcome; no other thread needs to see that at once. */
    private @Nullable OutboundMessage<?> message;

    private volatile @Nullable Throwable failure;

    /**
     * @param message what a failure tells of; null if it will not be published again
     * @param executor on which it completes, or null for the thread of the outcomes
     */
    PublishFuture(
            Outcomes outcomes,
            @Nullable OutboundMessage<?> message,
            @Nullable Executor executor,
            @Nullable Publishing observer) {
        this.outcomes = outcomes;
        this.message = message;
        this.executor = executor;
        this.observer = observer;
    }

    @Nullable
    Executor executor() {
        return executor;
    }

    @Nullable
    PublishAttempt attempt(String destination, long order) {
        OutboundMessage<?> published = message;
        return published == null ? null : new PublishAttempt(destination, published, order);
    }

    /** Why the engine did not have it confirmed; null if it did, and while that is open. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** A future kept by the caller must not keep the body. */
    void decided(@Nullable Throwable cause) {
        if (cause != null) {
            failure = cause;
        }
        message = null;
    }

    /** Tells the observer that nothing was published; the caller gets an exception and no future. */
    void refused(Throwable cause) {
        if (observer != null) {
            observer.ended(null, cause);
        }
    }

    /** Tells the observer, then completes. */
    void end(@Nullable Receipt receipt, @Nullable Throwable cause) {
        if (observer != null) {
            observer.ended(receipt, cause);
        }
        if (cause == null) {
            complete(receipt);
        } else {
            completeExceptionally(cause);
        }
    }

    @Override
    public Receipt join() {
        refuseToWaitForItself("join");
        return super.join();
    }

    @Override
    public Receipt get() throws InterruptedException, ExecutionException {
        refuseToWaitForItself("get");
        return super.get();
    }

    private void refuseToWaitForItself(String method) {
        if (executor == null && outcomes.isItsThread() && !isDone()) {
            throw new IllegalStateException(
                    method
                            + " waits for a publish: it was called by a dependent of a publish, on the thread that completes both, and would"
                            + " never return. Compose the futures (thenCompose), or set PublisherOptions.completeOn(executor).");
        }
    }
}
