package io.oncemq.it.kafka;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Looks again and again what a poll thread waits for, on a thread of its own, until it is closed. */
final class Waits implements AutoCloseable {
    private static final Duration PACE = Duration.ofMillis(5);

    private final List<String> outside = new CopyOnWriteArrayList<>();
    private final AtomicInteger samples = new AtomicInteger();
    private final long id;
    private final Thread sampler = new Thread(this::sample, "waits-sampler");
    private volatile boolean closed;

    private Waits(long id) {
        this.id = id;
        sampler.start();
    }

    /** @param name of the one thread that is watched */
    static Waits of(String name) {
        return new Waits(Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getId());
    }

    private void sample() {
        while (!closed) {
            ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(id, Integer.MAX_VALUE);
            if (info != null) {
                samples.incrementAndGet();
                note(info);
            }
            LockSupport.parkNanos(PACE.toNanos());
        }
    }

    private void note(ThreadInfo info) {
        boolean waiting =
                info.getThreadState() == Thread.State.WAITING || info.getThreadState() == Thread.State.TIMED_WAITING;
        boolean polling = Arrays.stream(info.getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith(".KafkaConsumer")
                        && frame.getMethodName().equals("poll"));
        if (waiting && !polling) {
            outside.add(Arrays.toString(info.getStackTrace()));
        }
    }

    /** How often it has looked. */
    int samples() {
        return samples.get();
    }

    /** Stacks of the thread while it waited for anything but its poll. */
    List<String> outsidePoll() {
        return outside;
    }

    @Override
    public void close() {
        closed = true;
        try {
            sampler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
