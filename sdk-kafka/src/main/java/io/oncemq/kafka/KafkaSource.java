package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import io.oncemq.core.SourceThread;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.SourceRecovery;
import io.oncemq.spi.support.SourceTrouble;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer and its poll thread, which alone touches it (K11): pauses, resumes and acknowledgements of other threads are
 * notes that the thread takes up at its next turn. A resume wakes it; anything else may wait for the end of its poll.
 */
final class KafkaSource implements MessageSource, SourceThread.Work {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSource.class);

    /** While a position is looked up or committed, or a commit is refused by a rebalance. */
    private static final Duration SHORT_POLL = Duration.ofMillis(50);

    /** For the last commit, however little time there is. */
    private static final Duration LEAST_END = Duration.ofSeconds(2);

    /** For so long an error that passes by itself, such as one of a rebalance, interrupts nothing. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration AFTER_ERROR = Duration.ofMillis(250);

    /** Polling also carries the membership, so that it must not rest for long. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    /** For so long a broker may not have heard of a topic that another one has created. */
    private static final Duration NEWS = Duration.ofSeconds(4);

    /** For so long a topic may be unknown to the brokers that are asked before it is gone. */
    private static final Duration GONE = Duration.ofSeconds(30);

    private final Consumers consumers;
    private final SourceSpec spec;
    private final SourceListener listener;
    private final java.util.function.Consumer<AutoCloseable> onClose;
    private final Timing timing;
    private final OffsetCommits commits;
    private final Assignment assignment;
    private final StartPositions positions;
    private final TopicWatch watch;
    private final @Nullable ReplayEnd end;
    private final SourceRecovery recovery;
    private final SourceThread thread;
    private final AtomicBoolean polling = new AtomicBoolean();
    private @Nullable Long troubledSince;
    private boolean joined;
    /** Whether it was told that no broker knows the topic: errors that pass say the same in other words then. */
    private boolean missing;

    KafkaSource(
            Consumers consumers,
            SourceSpec spec,
            GroupName name,
            SourceListener listener,
            Topics topics,
            Timing timing,
            java.util.function.Consumer<AutoCloseable> onClose) {
        this.consumers = consumers;
        this.spec = spec;
        this.listener = listener;
        this.onClose = onClose;
        this.timing = timing;
        this.commits = new OffsetCommits(consumers, timing.commitInterval(), timing.trust(), System::nanoTime);
        this.assignment = new Assignment(consumers, listener, commits, timing.lastCommit());
        this.positions = new StartPositions(consumers, spec, name, listener, topics);
        this.end = spec.replay() ? new ReplayEnd(consumers, spec.destination(), topics) : null;
        this.watch = new TopicWatch(topics, spec.destination());
        this.recovery = new SourceRecovery(spec, listener::onEvent, System::nanoTime);
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
        wake();
    }

    /** A wake-up that comes when the poll has just ended is thrown by the next call that blocks, which is repeated then. */
    @Override
    public void wake() {
        if (polling.compareAndSet(true, false)) {
            consumers.wakeup();
        }
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
        consumers.get().subscribe(List.of(spec.destination()), assignment);
    }

    @Override
    public void failed(Throwable error) {
        listener.onFailure(KafkaErrors.translate("consuming " + spec.destination(), error));
    }

    @Override
    public void turn() {
        if (!consumers.isOpen()) {
            joinAnew();
            return;
        }
        ReplayEnd replay = end;
        boolean well = attempt(() -> settle(replay));
        well &= attempt(this::poll, consumers::endsMembership);
        if (well) {
            troubledSince = null;
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
        Duration since = watch.check(assignment.all());
        missing = since != null && since.compareTo(NEWS) >= 0;
        if (since != null && missing) {
            missing(since);
        }
        for (OwnedPartition each : assignment.all()) {
            each.applyPause(consumers.get());
        }
        commits.later(assignment.all());
        polling.set(true);
        try {
            // A resume or a close from before the mark was set had no effect.
            long began = System.nanoTime();
            ConsumerRecords<byte[], byte[]> records = consumers.get().poll(isHurried() ? Duration.ZERO : patience());
            commits.polledAt(began);
            noteMembership();
            if (since == null && joined) {
                recovery.well(!records.isEmpty());
            }
            dispatch(records);
        } catch (WakeupException e) {
            LOG.debug("{} was woken", thread.name());
        } catch (InvalidOffsetException e) {
            e.partitions().forEach(partition -> lost(partition, e));
        } finally {
            polling.set(false);
        }
    }

    private boolean isHurried() {
        return thread.isClosing() || assignment.all().stream().anyMatch(OwnedPartition::isPauseStale);
    }

    private Duration patience() {
        boolean settled = assignment.all().stream().allMatch(each -> each.isPositioned() && !each.isStartUncommitted());
        return settled && end == null ? timing.poll() : SHORT_POLL;
    }

    /** S13: a member that is in the group was let in, also where no partition is left for it. */
    private void noteMembership() {
        if (!joined) {
            joined = !assignment.all().isEmpty()
                    || consumers.get().groupMetadata().generationId() > 0;
            if (joined) {
                recovery.letIn();
            }
        }
    }

    private void missing(Duration since) {
        String topic = spec.destination();
        if (since.compareTo(GONE) < 0) {
            recovery.retryAfter(new ConnectionException("the broker does not know the topic " + topic));
        } else {
            recovery.retryAfterMissing(
                    topic,
                    new ConfigurationException(
                            "destination",
                            topic,
                            "no broker has known the topic for " + since.toSeconds() + " s",
                            "Create the topic again; its messages are lost"));
        }
    }

    private boolean attempt(Runnable step) {
        return attempt(step, error -> false);
    }

    /** @param last whether a step that failed so was the last one of the membership */
    private boolean attempt(Runnable step, Predicate<KafkaException> last) {
        try {
            step.run();
            return true;
        } catch (WakeupException e) {
            return true;
        } catch (FencedInstanceIdException e) {
            // Another process has taken this member's place; joining again would drive it out in turn.
            throw e;
        } catch (KafkaException e) {
            Duration wait = waitAfter(e);
            if (last.test(e)) {
                leave();
                Pauses.of(wait);
            } else {
                Pauses.of(wait.compareTo(LONGEST_REST) < 0 ? wait : LONGEST_REST);
            }
            return false;
        }
    }

    /** Nothing is owned any more before another member joins; what the client has called lost was lost already. */
    private void leave() {
        LOG.warn("a source leaves its group and joins it again with a new consumer: source={}", thread.name());
        try {
            assignment.giveUp();
            consumers.close(LEAST_END);
        } catch (KafkaException e) {
            LOG.warn("a consumer fails to close: source={} cause={}", thread.name(), e.toString());
        } finally {
            joined = false;
            assignment.forget();
            commits.reset();
        }
    }

    private void joinAnew() {
        try {
            consumers.open();
            begin();
        } catch (KafkaException e) {
            Pauses.of(recovery.retryAfter(KafkaErrors.construction(e, "(of the transport)")));
        }
    }

    /** The client finds its way back by itself from what passes; it only must not be asked in a tight loop meanwhile. */
    private Duration waitAfter(KafkaException error) {
        if (error instanceof InterruptException) {
            Thread.interrupted();
        }
        boolean passing = KafkaErrors.passing(error);
        boolean outlived = error instanceof UnreleasedInstanceIdException;
        long now = System.nanoTime();
        if (troubledSince == null) {
            troubledSince = now;
            LOG.warn("a source meets an error and continues: source={} cause={}", thread.name(), error.toString());
        }
        if (passing && (missing || now - troubledSince < GRACE.toNanos())) {
            return AFTER_ERROR;
        }
        MessagingException translated = KafkaErrors.translate("consuming " + spec.destination(), error);
        return recovery.retryAfter(
                passing || outlived ? SourceTrouble.CONNECTION : SourceTrouble.of(translated), translated);
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
            LOG.warn(
                    "a source closes without its last commit; some messages are repeated: source={} cause={}",
                    thread.name(),
                    e.toString());
        } finally {
            assignment.forget();
            consumers.close(left(deadline));
            onClose.accept(this);
        }
    }

    /** A commit is refused during a rebalance, which goes on only by polling; and a loss from before a long drain is told by a poll only. */
    private void commitLast(long deadline) {
        if (commits.isStale()) {
            attempt(() -> consumers.get().poll(SHORT_POLL));
        }
        while (true) {
            try {
                commits.now(assignment.all(), left(deadline));
                return;
            } catch (RebalanceInProgressException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                attempt(() -> consumers.get().poll(SHORT_POLL));
            }
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(
                Math.max(deadline - System.nanoTime(), Duration.ofMillis(500).toNanos()));
    }
}
