package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenersTest {
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final CountDownLatch answered = new CountDownLatch(1);
    private final ExecutorService openers = Openers.of(task -> {
        threads.incrementAndGet();
        return new Thread(task);
    });

    @AfterEach
    void close() {
        openers.shutdownNow();
    }

    @Test
    void manyUnknownTopicsTakeAFewThreadsAndAllGetTheirTurn() {
        int topics = 3 * Openers.MOST;
        for (int i = 0; i < topics; i++) {
            openers.execute(this::ask);
        }
        await().until(() -> running.get() == Openers.MOST);
        assertThat(threads).hasValue(Openers.MOST);
        answered.countDown();
        await().until(() -> running.get() == topics);
        assertThat(threads).hasValue(Openers.MOST);
    }

    private void ask() {
        running.incrementAndGet();
        try {
            answered.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
