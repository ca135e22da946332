package io.oncemq.rocket;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Asks servers for one source, on threads of the transport, and takes the answers back to the source's thread. Thread-safe. */
final class Questions {
    private static final long IDLE_SECONDS = 10;

    private final Executor source;
    private final ExecutorService threads;
    private final Set<FutureTask<?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param threads run as many questions at once as there are
     * @param source runs what it is given on the source's thread, one after another
     */
    Questions(ExecutorService threads, Executor source) {
        this.threads = threads;
        this.source = source;
    }

    /** For all sources of a transport: one that asks at times needs no thread of its own. */
    static ExecutorService threads(String clientId) {
        AtomicLong numbers = new AtomicLong();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread =
                            new Thread(task, "oncemq-rocket-asking-" + clientId + "-" + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Either {@code then} or {@code failed} runs on the source's thread, once, unless this is closed meanwhile. */
    <T> void ask(Callable<T> question, Consumer<T> then, Consumer<Throwable> failed) {
        Task task = new Task(() -> answer(question, then, failed));
        open.add(task);
        try {
            if (closed) {
                throw new RejectedExecutionException("closed");
            }
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            open.remove(task);
            source.execute(() -> failed.accept(e));
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
        closed = true;
        open.forEach(task -> task.cancel(true));
    }

    private final class Task extends FutureTask<Void> {
        Task(Runnable question) {
            super(question, null);
        }

        @Override
        protected void done() {
            open.remove(this);
        }
    }
}
