package io.oncemq.quickstart;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads beside the publishing one. Closing interrupts what still runs. */
final class Background implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    /** Something that runs. */
    record Task(Future<?> future) {
        /** Waits for its end, and throws what it threw. */
        void join() {
            try {
                future.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Stop.StoppedException();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e.getCause());
            }
        }

        void cancel() {
            future.cancel(true);
        }
    }

    Task start(Runnable work) {
        return new Task(threads.submit(work));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
