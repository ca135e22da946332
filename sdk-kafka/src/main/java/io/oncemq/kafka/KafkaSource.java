package io.oncemq.kafka;

import io.oncemq.core.AccessPatience;
import io.oncemq.core.SourceThread;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer and its poll thread, which alone touches it (K11): pauses, resumes and acknowledgements of other threads are
 * notes that the thread takes up at its next turn, at most {@link #IDLE_POLL} later.
 */
final class KafkaSource implements MessageSource, SourceThread.Work {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSource.class);

    private static final Duration IDLE_POLL = Duration.ofMillis(100);

    /** While something is paused, so that a resume takes effect soon. */
    private static final Duration SHORT_POLL = Duration.ofMillis(5);

    /** For the last commit, however little time there is. */
    private static final Duration LEAST_END = Duration.ofSeconds(2);

    private static final Duration AFTER_ERROR = Duration.ofMillis(250);

    private final Consumer<byte[], byte[]> consumer;
    private final SourceSpec spec;
    private final SourceListener listener;
    private final java.util.function.Consumer<AutoCloseable> onClose;
    private final OffsetCommits commits;
    private final Assignment assignment;
    private final StartPositions positions;
    private final TopicWatch watch;
    private final @Nullable ReplayEnd end;
    private final AccessPatience access;
    private final SourceThread thread;
    private boolean troubled;

    KafkaSource(
            Consumer<byte[], byte[]> consumer,
            SourceSpec spec,
            SourceListener listener,
            Topics topics,
            java.util.function.Consumer<AutoCloseable> onClose) {
        this.consumer = consumer;
        this.spec = spec;
        this.listener = listener;
        this.onClose = onClose;
        this.commits = new OffsetCommits(consumer);
        this.assignment = new Assignment(consumer, listener, commits);
        this.positions = new StartPositions(consumer, spec, listener, topics, commits);
        this.end = spec.replay() ? new ReplayEnd(consumer, spec.destination(), topics) : null;
        this.watch = new TopicWatch(topics, spec.destination());
        this.access = new AccessPatience(spec, listener, System::nanoTime);
        this.thread = new SourceThread("oncemq-kafka-poll-" + spec.destination() + "-" + spec.group(), this);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void pause(Shard shard) {
        wantPause(shard, true);
    }

    @Override
    public void resume(Shard shard) {
        wantPause(shard, false);
    }

    private void wantPause(Shard shard, boolean pause) {
        OwnedPartition partition = assignment.find(shard);
        if (partition != null) {
            partition.wantPause(pause);
        }
    }

    @Override
    public void acknowledge(List<Acknowledgement> acknowledgements) {
        for (Acknowledgement each : acknowledgements) {
            OwnedPartition partition = assignment.find(each.shard());
            if (partition != null) {
                partition.acknowledge(each);
            }
        }
    }

    @Override
    public void close(Duration deadline) {
        thread.close(deadline);
    }

    @Override
    public void begin() {
        consumer.subscribe(List.of(spec.destination()), assignment);
    }

    @Override
    public void failed(Throwable error) {
        listener.onFailure(KafkaErrors.translate("consuming " + spec.destination(), error));
    }

    @Override
    public void turn() {
        ReplayEnd replay = end;
        boolean well = attempt(() -> settle(replay));
        well &= attempt(this::poll);
        if (well) {
            troubled = false;
        }
    }

    private void settle(@Nullable ReplayEnd replay) {
        if (replay == null) {
            positions.settle(assignment);
        } else if (replay.isKnown()) {
            replay.apply(assignment.all());
            positions.settle(assignment);
            if (replay.isReached(assignment.all())) {
                listener.onEnd();
            }
        }
    }

    private void poll() {
        watch.check(assignment.all());
        boolean waiting = false;
        for (OwnedPartition each : assignment.all()) {
            each.applyPause(consumer);
            waiting |= each.isPaused() && !each.isAtEnd();
        }
        commits.later(assignment.all());
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(waiting ? SHORT_POLL : IDLE_POLL);
            if (!assignment.all().isEmpty()) {
                access.letIn();
            }
            access.well(!records.isEmpty());
            dispatch(records);
        } catch (InvalidOffsetException e) {
            e.partitions().forEach(partition -> lost(partition, e));
        }
    }

    /** The client finds its way back by itself from what passes; it only must not be asked in a tight loop meanwhile. */
    private boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (KafkaException e) {
            if (!KafkaErrors.passing(e) && !bearsRefusal(e)) {
                throw e;
            }
            if (!troubled) {
                troubled = true;
                LOG.warn("{} is troubled and goes on: {}", thread.name(), e.toString());
            }
            Pauses.of(AFTER_ERROR);
            return false;
        }
    }

    private boolean bearsRefusal(KafkaException error) {
        return AccessErrors.isRefusal(error)
                && access.bears(KafkaErrors.translate("consuming " + spec.destination(), error));
    }

    private void dispatch(ConsumerRecords<byte[], byte[]> records) {
        records.nextOffsets().forEach((place, next) -> {
            OwnedPartition partition = assignment.find(place);
            if (partition != null) {
                dispatch(partition, records.records(place), next);
            }
        });
    }

    private void dispatch(
            OwnedPartition partition, List<ConsumerRecord<byte[], byte[]>> records, OffsetAndMetadata next) {
        List<ConsumerRecord<byte[], byte[]>> wanted = partition.fetched(records, next);
        if (!wanted.isEmpty()) {
            listener.onMessages(partition.shard, KafkaRecords.inbound(wanted, partition.topicId()));
        }
    }

    private void lost(TopicPartition partition, InvalidOffsetException cause) {
        OwnedPartition found = assignment.find(partition);
        if (found != null && found.isPositioned()) {
            found.lost(String.valueOf(cause.getMessage()));
        }
    }

    @Override
    public void end(Duration within) {
        long deadline = System.nanoTime() + Math.max(within.toNanos(), LEAST_END.toNanos());
        try {
            assignment.close();
            commitLast(deadline);
        } catch (RuntimeException e) {
            LOG.warn("{} closes without a last commit; some messages are repeated: {}", thread.name(), e.toString());
        } finally {
            assignment.forget();
            consumer.close(CloseOptions.timeout(left(deadline)));
            onClose.accept(this);
        }
    }

    /** A commit is refused during a rebalance, which goes on only by polling. */
    private void commitLast(long deadline) {
        while (true) {
            try {
                commits.now(assignment.all(), left(deadline));
                return;
            } catch (RebalanceInProgressException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                consumer.poll(SHORT_POLL);
            }
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(
                Math.max(deadline - System.nanoTime(), Duration.ofMillis(500).toNanos()));
    }
}
