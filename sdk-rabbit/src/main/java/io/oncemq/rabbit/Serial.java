package io.oncemq.rabbit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after another on threads that others share, and occupies none while there is nothing to do. Thread-safe. */
final class Serial implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

    private final Executor threads;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;
    private boolean closed;

    Serial(Executor threads) {
        this.threads = threads;
    }

    /** Does nothing once it is closed. */
    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (closed) {
                return;
            }
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing: {}", e.toString());
            close();
        }
    }

    private void run() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a task of the RabbitMQ adapter fails", e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = tasks.poll();
        running = task != null;
        return task;
    }

    /** What runs goes on; what waits is dropped. */
    synchronized void close() {
        closed = true;
        tasks.clear();
    }
}
