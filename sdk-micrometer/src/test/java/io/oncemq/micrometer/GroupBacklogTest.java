package io.oncemq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.oncemq.Backlog;
import io.oncemq.ConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

class GroupBacklogTest {
    private static final List<Backlog> BACKLOG =
            List.of(new Backlog("orders-0", 40, 7), new Backlog("orders-1", -1, 3));

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final ClientMetrics client = new ClientMetrics(new Meters(registry));
    private final FakeSubscription subscription = new FakeSubscription("orders", "billing");
    private final AtomicInteger asked = new AtomicInteger();

    GroupBacklogTest() {
        client.opened("one", "kafka");
        subscription.answers(() -> {
            asked.incrementAndGet();
            return BACKLOG;
        });
        client.subscribed("billing", "billing", subscription);
    }

    private double lag() {
        return registry.get("oncemq.lag").gauge().value();
    }

    private double ofShard(String meter, String shard) {
        return registry.get(meter)
                .tag("messaging.destination.partition.id", shard)
                .gauge()
                .value();
    }

    @Test
    void showsWhatTheBrokerSaysOfTheGroupAndOfEachShard() {
        await().until(() -> lag() == 10);
        assertThat(ofShard("oncemq.shard.lag", "orders-0")).isEqualTo(7);
        assertThat(ofShard("oncemq.shard.position", "orders-0")).isEqualTo(40);
        assertThat(ofShard("oncemq.shard.lag", "orders-1")).isEqualTo(3);
        assertThat(ofShard("oncemq.shard.position", "orders-1"))
                .as("the broker numbers nothing there")
                .isNaN();
    }

    @Test
    void nobodyIsAskedBeforeSomebodyReads() {
        assertThat(asked).hasValue(0);
    }

    @Test
    void readingDoesNotWaitForTheBrokerAndAsksItOnceAtATime() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        subscription.answers(() -> {
            asked.incrementAndGet();
            reached.countDown();
            awaited(answered);
            return BACKLOG;
        });
        assertThat(lag()).isNaN();
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        clock.add(Duration.ofMinutes(1));
        for (int i = 0; i < 20; i++) {
            assertThat(lag()).isNaN();
        }
        answered.countDown();
        awaitEndOfThread();
        assertThat(asked).hasValue(1);
        assertThat(lag()).isEqualTo(10);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theBrokerIsAskedAgainAfterFiveSecondsAndNotBefore() {
        await().until(() -> lag() == 10);
        awaitEndOfThread();
        int before = asked.get();
        clock.add(Duration.ofMillis(4999));
        assertThat(lag()).isEqualTo(10);
        awaitEndOfThread();
        assertThat(asked).hasValue(before);
        clock.add(Duration.ofMillis(1));
        subscription.answers(() -> List.of(new Backlog("orders-0", 47, 0)));
        await().until(() -> lag() == 0);
        assertThat(ofShard("oncemq.shard.lag", "orders-1"))
                .as("no longer told of")
                .isNaN();
    }

    @Test
    void whatABrokerDoesNotTellIsNoNumber() {
        await().until(() -> lag() == 10);
        subscription.answers(() -> {
            throw new ConnectionException("the broker is away");
        });
        clock.add(Duration.ofSeconds(5));
        await().until(() -> Double.isNaN(lag()));
        assertThat(ofShard("oncemq.shard.lag", "orders-0")).isNaN();
    }

    @Test
    void aSecondMemberOfTheGroupCountsOnceAndAReplayForItself() {
        FakeSubscription member = new FakeSubscription("orders", "billing");
        member.answers(() -> BACKLOG);
        client.subscribed("billing", "billing", member);
        FakeSubscription replay = new FakeSubscription("orders", "billing");
        replay.answers(() -> List.of(new Backlog("orders-9", 1, 100)));
        client.subscribed("billing.again", "billing", replay);
        await().until(() -> lag() == 110);
        assertThat(registry.get("oncemq.shard.lag").gauges())
                .as("of the group itself")
                .extracting(gauge -> gauge.getId().getTag("messaging.destination.partition.id"))
                .containsExactlyInAnyOrder("orders-0", "orders-1");
    }

    @Test
    void whatHasEndedIsNotAskedAnyMore() {
        subscription.close();
        FakeSubscription other = new FakeSubscription("orders", "billing");
        other.answers(() -> List.of(new Backlog("orders-0", 1, 1)));
        client.subscribed("billing", "billing", other);
        await().until(() -> lag() == 1);
        assertThat(asked).hasValue(0);
    }

    @Test
    void theThreadThatAsksEnds() {
        await().until(() -> lag() == 10);
        awaitEndOfThread();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private static void awaitEndOfThread() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals(Meters.THREAD)));
    }
}
