package io.oncemq.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The bound of every consumer: the same threads, the same waiting, over an array that lies in memory already. */
final class BareLoop {
    private BareLoop() {}

    /** Messages per second from the start of the first to the end of the last. */
    static double run(int threads, long workNanos, int messages) throws InterruptedException {
        byte[][] bodies = new byte[messages][];
        byte[] body = Workload.body();
        for (int i = 0; i < messages; i++) {
            bodies[i] = body;
        }
        AtomicInteger next = new AtomicInteger();
        CountDownLatch gate = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(new Thread(() -> work(gate, next, bodies, workNanos), "bare-" + i));
        }
        all.forEach(Thread::start);
        long start = System.nanoTime();
        gate.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        return Rate.of(messages, System.nanoTime() - start);
    }

    private static void work(CountDownLatch gate, AtomicInteger next, byte[][] bodies, long workNanos) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        for (int i = next.getAndIncrement(); i < bodies.length; i = next.getAndIncrement()) {
            if (bodies[i].length == Workload.BODY_BYTES) {
                Waiting.park(workNanos);
            }
        }
    }
}
