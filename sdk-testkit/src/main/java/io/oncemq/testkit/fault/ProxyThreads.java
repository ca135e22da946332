package io.oncemq.testkit.fault;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The daemon threads of one proxy, named {@code oncemq-proxy-…}; those that ended are forgotten. Thread-safe. */
final class ProxyThreads {
    private final Set<Thread> live = ConcurrentHashMap.newKeySet();

    Thread start(String name, Runnable task) {
        Thread thread = new Thread(() -> run(task), "oncemq-proxy-" + name);
        thread.setDaemon(true);
        live.add(thread);
        thread.start();
        return thread;
    }

    private void run(Runnable task) {
        try {
            task.run();
        } finally {
            live.remove(Thread.currentThread());
        }
    }

    /** Waits until none is left, also of those that start meanwhile. */
    void awaitEnd(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!live.isEmpty() && System.nanoTime() - deadline < 0) {
                for (Thread thread : live) {
                    thread.join(100);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
