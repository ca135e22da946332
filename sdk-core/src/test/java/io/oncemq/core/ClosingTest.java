package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClosingTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final List<String> steps = new CopyOnWriteArrayList<>();

    @AfterEach
    void clearFlag() {
        assertThat(Thread.interrupted()).as("a flag that this test left").isFalse();
    }

    @Test
    void eachStepRunsWhateverAnEarlierOneThrew() {
        closingThatFails().close(DEADLINE);
        assertThat(steps).containsExactly("one", "two", "three");
        steps.clear();
        closingThatFails().closeHere(DEADLINE);
        assertThat(steps).containsExactly("one", "two", "three");
    }

    private Closing closingThatFails() {
        return new Closing("test")
                .step("one", left -> {
                    steps.add("one");
                    throw new NoSuchMethodError("of a step");
                })
                .step("two", left -> {
                    steps.add("two");
                    throw new InterruptedException("of a step");
                })
                .step("three", left -> steps.add("three"));
    }

    @Test
    void anInterruptBeforeAndMeanwhileCutsNothingShortAndIsKept() throws InterruptedException {
        for (boolean here : new boolean[] {true, false}) {
            steps.clear();
            CountDownLatch inStep = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Closing closing = new Closing("test")
                    .step(
                            "flag",
                            left -> steps.add(
                                    "interrupted " + Thread.currentThread().isInterrupted()))
                    .step("wait", left -> {
                        inStep.countDown();
                        steps.add("opened " + Uninterrupted.await(release, left));
                    });
            Thread closer = new Thread(() -> {
                Thread.currentThread().interrupt();
                if (here) {
                    closing.closeHere(DEADLINE);
                } else {
                    closing.close(DEADLINE);
                }
                steps.add("kept " + Thread.currentThread().isInterrupted());
            });
            closer.start();
            inStep.await();
            closer.interrupt();
            release.countDown();
            closer.join();
            assertThat(steps).containsExactly("interrupted false", "opened true", "kept true");
        }
    }

    @Test
    void itHappensOnceAndWhoeverAsksAgainWaits() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        Closing closing = new Closing("test").step("wait", left -> {
            release.await();
            steps.add("waited");
        });
        closing.start(DEADLINE);
        Thread second = new Thread(() -> {
            closing.close(DEADLINE);
            steps.add("second");
        });
        second.start();
        Awaitility.await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        second.join();
        assertThat(steps).containsExactly("waited", "second");
    }

    @Test
    void stepsGetWhatIsLeft() {
        Duration deadline = Duration.ofMinutes(5);
        Duration[] left = new Duration[2];
        new Closing("test")
                .step("some", some -> left[0] = some)
                .step("none", none -> left[1] = none)
                .close(deadline);
        assertThat(left[0]).as("a reserve is kept").isBetween(deadline.minusSeconds(10), deadline.minusSeconds(2));
        assertThat(left[1])
                .as("what the first step has left")
                .isGreaterThan(left[0])
                .isLessThanOrEqualTo(deadline);
        new Closing("test").step("over", over -> left[0] = over).close(Duration.ZERO);
        assertThat(left[0]).isZero();
    }

    @Test
    void stepsThatHangAreLeftBehindAndTheOthersRunInTime() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(2);
        Closing closing = new Closing("test")
                .step("first", left -> hang(release, released))
                .step("second", left -> steps.add("second"))
                .step("third", left -> hang(release, released))
                .step("fourth", left -> steps.add("fourth"));
        long began = System.nanoTime();
        closing.close(Duration.ofSeconds(2));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(steps).containsExactly("second", "fourth");
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals("oncemq-close-test"))
                .as("what hangs does not keep the process")
                .isNotEmpty()
                .allMatch(Thread::isDaemon);
        release.countDown();
        released.await();
        assertThat(steps).as("no step runs twice").containsExactly("second", "fourth");
    }

    private static void hang(CountDownLatch release, CountDownLatch released) throws InterruptedException {
        release.await();
        released.countDown();
    }

    @Test
    void aSecondCloseWithAnEarlierDeadlineShortensTheFirst() {
        CountDownLatch never = new CountDownLatch(1);
        Closing closing =
                new Closing("test").step("hangs", left -> never.await()).step("last", left -> steps.add("last"));
        closing.start(Duration.ofHours(1));
        closing.close(Duration.ofSeconds(1));
        assertThat(steps).containsExactly("last");
        closing.close(Duration.ofHours(1));
    }

    @Test
    void aDeadlineThatIsLongerThanAnyClockEndsLikeAnother() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        Closing closing = new Closing("test").step("one", left -> {
            steps.add("one");
            assertThat(Uninterrupted.await(new CountDownLatch(0), left)).isTrue();
            assertThat(left).isGreaterThan(Duration.ofDays(365));
            steps.add("long");
        });
        closing.close(forEver);
        closing.close(DEADLINE);
        closing.closeHere(forEver);
        assertThat(steps).containsExactly("one", "long");
        assertThat(Uninterrupted.await(new CountDownLatch(0), forEver)).isTrue();
        new Closing("here").step("one", left -> steps.add("here")).closeHere(forEver);
        assertThat(steps).containsExactly("one", "long", "here");
    }
}
