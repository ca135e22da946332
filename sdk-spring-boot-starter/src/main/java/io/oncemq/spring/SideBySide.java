package io.oncemq.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs tasks at the same time, each on a thread of its own, so that one deadline holds for all of them. */
final class SideBySide {
    private SideBySide() {}

    /** Blocks until all have ended; an interrupt does not end the wait, and is kept. @param tasks by the names of their threads */
    static void run(Map<String, Runnable> tasks) {
        List<Thread> threads = new ArrayList<>();
        tasks.forEach((name, task) -> threads.add(new Thread(task, name)));
        threads.forEach(Thread::start);
        boolean interrupted = false;
        for (Thread thread : threads) {
            interrupted |= joinedInterrupted(thread);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean joinedInterrupted(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
