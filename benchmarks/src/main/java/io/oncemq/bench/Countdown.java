package io.oncemq.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Waits until each of a number of messages has its outcome. Thread-safe. */
final class Countdown {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final int expected;
    private final AtomicInteger outcomes = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch all = new CountDownLatch(1);

    Countdown(int expected) {
        this.expected = expected;
    }

    /** One message has its outcome; null means success. */
    void outcome(@Nullable Throwable error) {
        if (error != null) {
            failed.incrementAndGet();
            failure.compareAndSet(null, error);
        }
        if (outcomes.incrementAndGet() == expected) {
            all.countDown();
        }
    }

    /**
     * @throws IllegalStateException if a message failed, or the outcomes do not come
     */
    void await() throws InterruptedException {
        boolean complete = all.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        Throwable first = failure.get();
        if (!complete || first != null) {
            throw new IllegalStateException(
                    outcomes.get() + " of " + expected + " outcomes, of which " + failed.get() + " failed", first);
        }
    }
}
