package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import io.oncemq.spi.Shard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckTrackerTest {
    private static final Shard LOG = new Shard("log-0", 1, Shard.AcknowledgeMode.CUMULATIVE);
    private static final Shard QUEUE = new Shard("queue", 1, Shard.AcknowledgeMode.INDIVIDUAL);

    @Test
    void nothingBeforeTheFirstIsSettled() {
        AckTracker tracker = new AckTracker(LOG.acknowledgeMode());
        deliver(tracker, 5);
        long second = deliver(tracker, 6).sequence;
        tracker.settle(second);

        Acknowledgement snapshot = tracker.snapshot(LOG);
        assertThat(snapshot.through()).isEqualTo(-1);
        assertThat(snapshot.complete()).isFalse();
    }

    @Test
    void advancesOverGapsInTheTags() {
        AckTracker tracker = new AckTracker(LOG.acknowledgeMode());
        long first = deliver(tracker, 5).sequence;
        long second = deliver(tracker, 900).sequence;
        tracker.settle(second);
        tracker.settle(first);

        Acknowledgement snapshot = tracker.snapshot(LOG);
        assertThat(snapshot.through()).isEqualTo(900);
        assertThat(snapshot.complete()).isTrue();
    }

    @Test
    void oneStuckDeliveryHoldsBackAHundredThousandLaterOnes() {
        AckTracker tracker = new AckTracker(LOG.acknowledgeMode());
        long stuck = deliver(tracker, 0).sequence;
        for (int tag = 1; tag <= 100_000; tag++) {
            tracker.settle(deliver(tracker, tag).sequence);
        }
        assertThat(tracker.snapshot(LOG).through()).isEqualTo(-1);
        assertThat(tracker.window()).isEqualTo(100_001);
        tracker.settle(stuck);
        assertThat(tracker.snapshot(LOG).through()).isEqualTo(100_000);
        assertThat(tracker.window()).isZero();
    }

    @Test
    void aQueueGetsSinglesAboveTheSettledPrefixOnce() {
        AckTracker tracker = new AckTracker(QUEUE.acknowledgeMode());
        long first = deliver(tracker, 1).sequence;
        deliver(tracker, 2);
        long third = deliver(tracker, 3).sequence;
        tracker.settle(third);
        tracker.settle(first);

        Acknowledgement snapshot = tracker.snapshot(QUEUE);
        assertThat(snapshot.through()).isEqualTo(1);
        assertThat(snapshot.singles()).containsExactly(3);
        assertThat(tracker.snapshot(QUEUE).singles()).isEmpty();
    }

    @Test
    void aSingleThatThePrefixHasReachedIsNotHandedOutBesideIt() {
        AckTracker tracker = new AckTracker(QUEUE.acknowledgeMode());
        long first = deliver(tracker, 1).sequence;
        long second = deliver(tracker, 2).sequence;
        tracker.settle(second);
        tracker.settle(first);

        Acknowledgement snapshot = tracker.snapshot(QUEUE);
        assertThat(snapshot.through()).isEqualTo(2);
        assertThat(snapshot.singles()).isEmpty();
    }

    @Test
    void manySinglesAreHandedOutAtOnce() {
        AckTracker tracker = new AckTracker(QUEUE.acknowledgeMode());
        deliver(tracker, 1);
        for (int tag = 2; tag <= 41; tag++) {
            tracker.settle(deliver(tracker, tag).sequence);
        }
        assertThat(tracker.snapshot(QUEUE).singles())
                .containsExactly(LongStream.rangeClosed(2, 41).toArray());
    }

    @Test
    void openNamesWhatIsNeitherSettledNorDroppedOldestFirst() {
        AckTracker tracker = new AckTracker(LOG.acknowledgeMode());
        Work first = deliver(tracker, 1);
        Work dropped = deliver(tracker, 2);
        Work settled = deliver(tracker, 3);
        Work last = deliver(tracker, 4);
        tracker.drop(dropped.sequence);
        tracker.settle(settled.sequence);
        assertThat(tracker.open()).containsExactly(first, last);
    }

    @Test
    void openNamesEachOnceWhereAllSlotsAreTaken() {
        AckTracker tracker = new AckTracker(LOG.acknowledgeMode());
        for (int tag = 1; tag <= 1024; tag++) {
            deliver(tracker, tag);
        }
        assertThat(tracker.open()).hasSize(1024).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverPassesTheLowestUnsettledDelivery(long seed) {
        Random random = new Random(seed);
        AckTracker tracker = new AckTracker(LOG.acknowledgeMode());
        TreeSet<Long> unsettledTags = new TreeSet<>();
        List<Work> open = new ArrayList<>();
        long tag = 0;
        for (int step = 0; step < 20_000; step++) {
            if (open.isEmpty() || random.nextInt(100) < 51) {
                tag += 1 + random.nextInt(3);
                open.add(deliver(tracker, tag));
                unsettledTags.add(tag);
            } else {
                Collections.swap(open, random.nextInt(open.size()), open.size() - 1);
                Work work = open.remove(open.size() - 1);
                tracker.settle(work.sequence);
                unsettledTags.remove(work.message.tag());
            }
            long through = tracker.snapshot(LOG).through();
            assertThat(unsettledTags.isEmpty() || through < unsettledTags.first())
                    .as("seed %d, step %d", seed, step)
                    .isTrue();
            assertThat(!unsettledTags.isEmpty() || through == tag)
                    .as("all settled: seed %d, step %d", seed, step)
                    .isTrue();
        }
    }

    @SuppressWarnings("NullAway")
    private static Work deliver(AckTracker tracker, long tag) {
        InboundMessage message = InboundMessage.builder(tag, tag).build();
        Work work = new Work(null, message, null, new Identity("id", "scope", 0, null), new Owner(1, tag), 0);
        tracker.delivered(work);
        return work;
    }
}
