package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import io.oncemq.spi.Shard;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
    private static final int WORKS = 10;

    private final AtomicInteger failing = new AtomicInteger();
    private final Set<Work> handled = ConcurrentHashMap.newKeySet();

    /** As Thread.start does when the process may have no more threads. */
    private Thread thread(Runnable task) {
        return new Thread(task, "worker") {
            @Override
            public synchronized void start() {
                if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.start();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void aThreadThatCannotStartLosesNoWork(int starts) {
        failing.set(starts);
        Workers workers = new Workers(4, this::thread, handled::add, null);
        try {
            for (int i = 0; i < WORKS; i++) {
                workers.submit(work(i));
                workers.signal();
            }
            // As the event loop does while it is asked to.
            await().until(() -> !workers.signal() && handled.size() == WORKS);
        } finally {
            workers.close();
        }
    }

    /** The first thread is busy; the second cannot start until the first has ended its work. */
    @Test
    void theThreadsThatAreThereGoOnWithoutTheOneThatCannotStart() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Workers workers = new Workers(
                4,
                this::thread,
                work -> {
                    begun.countDown();
                    uninterruptibly(release);
                    handled.add(work);
                },
                null);
        try {
            workers.submit(work(0));
            workers.signal();
            await().until(() -> begun.getCount() == 0);
            failing.set(Integer.MAX_VALUE);
            for (int i = 1; i < WORKS; i++) {
                workers.submit(work(i));
                assertThat(workers.signal()).isTrue();
            }
            release.countDown();
            await().atMost(Duration.ofSeconds(30)).until(() -> handled.size() == WORKS);
        } finally {
            workers.close();
        }
    }

    @Test
    void aWorkerOutlivesWhatItsHandlerThrows() {
        AtomicInteger calls = new AtomicInteger();
        Workers workers = new Workers(
                1,
                this::thread,
                work -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new NoSuchMethodError("hostile");
                    }
                    handled.add(work);
                },
                null);
        try {
            for (int i = 0; i < WORKS; i++) {
                workers.submit(work(i));
            }
            workers.signal();
            await().until(() -> handled.size() == WORKS - 1);
        } finally {
            workers.close();
        }
    }

    /** With so short a stay threads end all the time, also just when work comes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void threadsEndWhenNothingComesAndNoWorkIsLostMeanwhile(boolean withPermits) {
        Set<Thread> begun = ConcurrentHashMap.newKeySet();
        Semaphore permits = withPermits ? new Semaphore(3) : null;
        Workers workers = new Workers(
                3,
                task -> new Thread(task, "short-lived"),
                work -> {
                    begun.add(Thread.currentThread());
                    handled.add(work);
                    if (permits != null) {
                        permits.release();
                    }
                },
                permits,
                Duration.ofMillis(1));
        try {
            for (int i = 0; i < 2000; i++) {
                workers.submit(work(i));
                workers.signal();
                LockSupport.parkNanos(i % 5 == 0 ? 1_000_000 + i % 200 * 1_000 : 0);
            }
            await().until(() -> !workers.signal() && handled.size() == 2000);
            await().until(() -> begun.stream().noneMatch(Thread::isAlive));
            assertThat(begun).as("threads came and went").hasSizeGreaterThan(3);
            assertThat(permits == null ? 3 : permits.availablePermits()).isEqualTo(3);
        } finally {
            workers.close();
        }
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("NullAway") // a work that is only counted needs no engine
    private static Work work(int number) {
        Shard shard = new Shard("orders-0", 1, Shard.AcknowledgeMode.CUMULATIVE);
        byte[] body = new byte[0];
        InboundMessage message =
                InboundMessage.builder(number, number).body(body).size(0).build();
        Identity identity = new Identity(Integer.toString(number), "orders", 0, null);
        return new Work(null, message, new ShardState(shard), identity, new Owner(1, number), 0);
    }
}
