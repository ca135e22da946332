package io.oncemq.core.consume;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.RetryPolicy;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that wait after the first one of a key do not keep the first ones of other keys of the shard unclaimed. */
@Timeout(120)
class ClaimsAheadTest {
    private final EngineHarness harness = new EngineHarness();
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        harness.close();
    }

    @Test
    void otherKeysGoOnWhileOneKeyRetries() {
        Shard shard = retrying(1, 600);
        othersAreHandled(shard);
        assertThat(harness.store.count(Type.CLAIM))
                .as("the head, 15 or 16 behind it, 100 others")
                .isBetween(116L, 117L);
    }

    /** The messages after the first ones are more than the bound. */
    @Test
    void otherKeysGoOnWhileMoreKeysRetryThanThereIsRoomAhead() {
        othersAreHandled(retrying(1000, 3));
    }

    @Test
    void otherKeysGoOnWhileAKeyWithABacklogIsSlow() {
        harness.start(harness.subscribe().concurrency(4), delivery -> {
            handled.add(delivery.id());
            if (delivery.id().startsWith("slow-")) {
                release.await();
            }
        });
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 600; i++) {
            harness.source.deliver(shard, "slow-" + i, "hot");
        }
        othersAreHandled(shard);
        assertThat(harness.store.count(Type.CLAIM)).isBetween(116L, 117L);
        release.countDown();
        await().until(() -> harness.source.through(shard) == 699);
        assertThat(harness.store.count(Type.CLAIM))
                .as("each is claimed once: tokens grow in the order of the key")
                .isEqualTo(700);
    }

    /** Room in its lane that only an ended message gives: each would wait for a round trip of its own. */
    @Test
    void aKeyWithABacklogIsClaimedAheadAsItAdvances() {
        harness.start(harness.subscribe().concurrency(4), delivery -> {
            handled.add(delivery.id());
            if (delivery.id().equals("m30")) {
                release.await();
            }
        });
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < 100; i++) {
            harness.source.deliver(shard, "m" + i, "hot");
        }
        await().until(() -> handled.contains("m30"));
        await().untilAsserted(() -> assertThat(harness.store.count(Type.CLAIM))
                .as("0 to 30, and 15 or 16 behind the one that runs")
                .isBetween(46L, 47L));
    }

    @Test
    void eachClaimOfAKeyOffersTheNext() {
        ClaimWindow window = new ClaimWindow(100);
        ShardState shard = new ShardState(new Shard("orders-0", 1, Shard.AcknowledgeMode.CUMULATIVE));
        window.over(List.of(shard));
        Lane lane = new Lane("k");
        for (int i = 0; i < 30; i++) {
            lane.add(work(shard, i));
        }
        List<Work> claimed = new ArrayList<>();
        window.offer(lane);
        window.claim(work -> {
            work.move(WorkEvent.MAY_CLAIM);
            claimed.add(work);
        });
        assertThat(claimed).hasSize(ClaimWindow.OF_A_LANE).isSortedAccordingTo(comparing(work -> work.message.tag()));
    }

    @SuppressWarnings("NullAway")
    private static Work work(ShardState shard, int tag) {
        InboundMessage message = InboundMessage.builder(tag, tag).key("k").build();
        RecordId record = new RecordId(tag + 1, tag + 1, 0);
        return new Work(null, message, shard, new Identity("m" + tag, "scope", 0, record), new Owner(1, tag), 0);
    }

    private Shard retrying(int keys, int ofEach) {
        harness.start(harness.subscribe().concurrency(4).retry(RetryPolicy.fixed(Duration.ofHours(1))), delivery -> {
            if (delivery.id().startsWith("bad-")) {
                throw new IllegalStateException("again in an hour");
            }
            handled.add(delivery.id());
        });
        Shard shard = harness.source.assign("orders-0");
        for (int i = 0; i < keys * ofEach; i++) {
            harness.source.deliver(shard, "bad-" + i, "bad-" + i % keys);
        }
        await().until(() -> harness.events(DeliveryRetried.class).size() == keys);
        return shard;
    }

    private void othersAreHandled(Shard shard) {
        for (int i = 0; i < 100; i++) {
            harness.source.deliver(shard, "good-" + i, "other-" + i);
        }
        await().until(() ->
                handled.stream().filter(id -> id.startsWith("good-")).count() == 100);
    }
}
