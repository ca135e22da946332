package io.oncemq;

/** Handles deliveries on a worker thread. It may block. The exception that it throws decides whether the message is retried. */
@FunctionalInterface
public interface MessageHandler<T> {
    /**
     * Returning means success: the message is marked done, then acknowledged. Called again, possibly in another process,
     * after an exception and after a crash.
     */
    void handle(Delivery<T> delivery) throws Exception;
}
