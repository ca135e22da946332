package io.oncemq.rocket;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Asks servers on threads of its own, as many as there are questions, and takes the answers back to the source's thread. Thread-safe. */
final class Questions {
    private final Executor source;
    private final ThreadPoolExecutor threads;

    /** @param source runs what it is given on the source's thread, one after another */
    Questions(String name, Executor source) {
        this.source = source;
        AtomicLong numbers = new AtomicLong();
        this.threads =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, name + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Either {@code then} or {@code failed} runs on the source's thread, once, unless this is closed meanwhile. */
    <T> void ask(Callable<T> question, Consumer<T> then, Consumer<Throwable> failed) {
        try {
            threads.execute(() -> answer(question, then, failed));
        } catch (RejectedExecutionException closed) {
            source.execute(() -> failed.accept(closed));
        }
    }

    private <T> void answer(Callable<T> question, Consumer<T> then, Consumer<Throwable> failed) {
        T answer;
        try {
            answer = question.call();
        } catch (Throwable e) {
            source.execute(() -> failed.accept(e));
            return;
        }
        source.execute(() -> then.accept(answer));
    }

    /** Interrupts what is under way. */
    void close() {
        threads.shutdownNow();
    }
}
