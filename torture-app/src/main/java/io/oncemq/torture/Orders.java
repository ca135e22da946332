package io.oncemq.torture;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Follows the orders of the driver inside a consumer process. Thread-safe. */
final class Orders implements Runnable {
    private static final long POLL_NANOS = 30_000_000;
    /** Adapters gather acknowledgements for a tenth of a second at most. */
    private static final long A_WHILE_NANOS = 400_000_000;
    /** As a process that was killed by SIGKILL. */
    private static final int KILLED = 137;

    private final Path file;
    private final Consumer<Hook> lastWord;
    private final AtomicInteger left = new AtomicInteger();
    private volatile Order order;

    /** @param lastWord is told where the process dies, right before it does */
    Orders(Path file, Consumer<Hook> lastWord) {
        this.file = file;
        this.lastWord = lastWord;
        this.order = Order.NONE;
        follow(Order.readFrom(file));
    }

    @Override
    public void run() {
        while (true) {
            follow(Order.readFrom(file));
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void follow(Order next) {
        if (next.number() != order.number()) {
            left.set(next.count());
            order = next;
        }
    }

    long slowMillis() {
        return order.slowMillis();
    }

    /** Dies here, at once and without any last act, if that is the order. */
    void at(Hook hook) {
        if (order.hook() == hook && left.decrementAndGet() == 0) {
            die(hook);
        }
    }

    /** The same, but a while later: what was handed over here is on its way by then. */
    void behind(Hook hook) {
        if (order.hook() == hook && left.decrementAndGet() == 0) {
            Thread later = new Thread(
                    () -> {
                        LockSupport.parkNanos(A_WHILE_NANOS);
                        die(hook);
                    },
                    "die");
            later.setDaemon(true);
            later.start();
        }
    }

    private void die(Hook hook) {
        lastWord.accept(hook);
        Runtime.getRuntime().halt(KILLED);
    }
}
