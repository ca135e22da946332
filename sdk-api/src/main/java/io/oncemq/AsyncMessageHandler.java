package io.oncemq;

import java.util.concurrent.CompletionStage;

/** Handles deliveries without holding a thread. The key is held until the stage completes; concurrency counts stages. */
@FunctionalInterface
public interface AsyncMessageHandler<T> {
    /** The stage's completion means what returning and throwing mean in {@link MessageHandler}. Must not block. */
    CompletionStage<?> handle(Delivery<T> delivery) throws Exception;
}
