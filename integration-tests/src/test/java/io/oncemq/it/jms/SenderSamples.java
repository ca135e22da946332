package io.oncemq.it.jms;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks every 10 ms whether code of OnceMQ sleeps while it sends to Artemis. Thread-safe. */
final class SenderSamples implements AutoCloseable {
    /** About five seconds of them, so that retries of a full address are among them. */
    static final int ENOUGH = 500;

    private static final String SENDING = "io.oncemq.jms.ArtemisPublishSession";

    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger sleeping = new AtomicInteger();

    SenderSamples() {
        sampler.scheduleWithFixedDelay(this::take, 0, 10, TimeUnit.MILLISECONDS);
    }

    private void take() {
        boolean sleeps = Thread.getAllStackTraces().entrySet().stream()
                .anyMatch(
                        thread -> thread.getKey().getState() == Thread.State.TIMED_WAITING && sends(thread.getValue()));
        if (sleeps) {
            sleeping.incrementAndGet();
        }
        taken.incrementAndGet();
    }

    /** Without the time that Artemis' client sleeps in its own classes. */
    private static boolean sends(StackTraceElement[] stack) {
        List<String> own = Arrays.stream(stack)
                .map(StackTraceElement::getClassName)
                .dropWhile(name -> name.startsWith("java.") || name.startsWith("jdk."))
                .toList();
        return !own.isEmpty() && own.get(0).startsWith("io.oncemq.") && own.contains(SENDING);
    }

    int taken() {
        return taken.get();
    }

    int sleeping() {
        return sleeping.get();
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }
}
