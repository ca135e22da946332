package io.oncemq.kafka;

import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingException;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.Waits;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Where a partition is read from (K3). The client's own reset would skip or repeat silently, so it is off and every case is
 * decided here:
 *
 * <ul>
 *   <li>the group has committed an offset for this very topic (by its id): there;
 *   <li>it has not, and the consumer group that it would join with the other setting has: there, and it is committed as its own;
 *   <li>the topic was created anew under the old name: at the beginning, with an event, since the committed offset means
 *       nothing although the broker may accept it;
 *   <li>the broker no longer has the position: as the subscription's {@link LostPositions} says, with an event;
 *   <li>no offset, and the group starts at the earliest, or the partition was added after the group had started: at the
 *       beginning;
 *   <li>no offset, and the group starts at the latest: after what there was when its first source was opened;
 *   <li>no offset, and the group starts at an instant: at the first message that is not older; where there is none, and with
 *       an instant in the future, as at the latest.
 * </ul>
 *
 * Belongs to the poll thread and never blocks: the cluster answers on another thread, and a later turn uses the answer. Only the partitions in
 * question wait.
 */
final class StartPositions {
    private static final Logger LOG = LoggerFactory.getLogger(StartPositions.class);
    private static final Duration PACE = Duration.ofMillis(500);
    private static final Duration LONGEST_PACE = Duration.ofSeconds(5);

    private record Asked(List<OwnedPartition> partitions, CompletableFuture<StartAnswer> answer) {}

    private final Consumers consumers;
    private final SourceSpec spec;
    private final GroupName name;
    private final SourceListener listener;
    private final PositionView topics;
    private final StartDelays delays;
    private final long opened = Clock.systemUTC().millis();
    private String lastTopic = "";
    private String told = "";
    private boolean recreated;
    private @Nullable Asked underWay;
    private Set<OwnedPartition> unanswered = Set.of();
    private long retryAt = System.nanoTime();
    private int fruitless;

    StartPositions(Consumers consumers, SourceSpec spec, GroupName name, SourceListener listener, PositionView topics) {
        this.consumers = consumers;
        this.spec = spec;
        this.name = name;
        this.listener = listener;
        this.topics = topics;
        this.delays = new StartDelays(spec, listener, System::nanoTime);
    }

    /**
     * Asks for partitions without a position, or positions those that were answered by now; the rest in a later call. May throw the client's
     * exceptions, and is then called again.
     *
     * @throws MessagingException if a position is lost and the subscription shall stop then
     */
    void settle(Assignment assignment) {
        Asked asked = underWay;
        if (asked == null) {
            ask(assignment);
        } else if (asked.answer.isDone()) {
            underWay = null;
            RuntimeException failed = failure(asked);
            try {
                if (failed == null) {
                    use(assignment, asked);
                } else {
                    note(asked, failed);
                }
            } finally {
                pace(assignment, asked, failed);
            }
        }
    }

    /** A partition that was not asked for before does not wait for those that are asked for again. */
    private void ask(Assignment assignment) {
        List<OwnedPartition> open =
                assignment.all().stream().filter(each -> !each.isPositioned()).toList();
        List<OwnedPartition> fresh =
                open.stream().filter(each -> !unanswered.contains(each)).toList();
        if (!fresh.isEmpty()) {
            underWay = question(fresh);
        } else if (!open.isEmpty() && System.nanoTime() - retryAt >= 0) {
            underWay = question(open);
        }
    }

    private Asked question(List<OwnedPartition> partitions) {
        return new Asked(
                partitions, new StartQuestion(topics, spec, name, opened, lastTopic, recreated, partitions).ask());
    }

    private void pace(Assignment assignment, Asked asked, @Nullable RuntimeException failed) {
        List<OwnedPartition> left = open(assignment, asked.partitions);
        Set<OwnedPartition> all = new HashSet<>(unanswered);
        asked.partitions.forEach(all::remove);
        all.addAll(left);
        all.retainAll(Set.copyOf(assignment.all()));
        unanswered = all;
        fruitless = left.size() < asked.partitions.size() ? 0 : fruitless + 1;
        delays.settle(assignment.all());
        if (!left.isEmpty()) {
            Duration wait = Waits.doubling(PACE, LONGEST_PACE, fruitless);
            retryAt = System.nanoTime() + wait.toNanos();
            if (failed == null || !AccessErrors.isRefusal(failed)) {
                delays.unanswered(left, failed, wait);
            }
        }
    }

    /** Which of those that were asked for still wait: a partition that was revoked meanwhile has another owner, or another epoch. */
    private static List<OwnedPartition> open(Assignment assignment, List<OwnedPartition> asked) {
        return asked.stream()
                .filter(each -> assignment.find(each.partition) == each && !each.isPositioned())
                .toList();
    }

    private static @Nullable RuntimeException failure(Asked asked) {
        try {
            asked.answer.join();
            return null;
        } catch (CompletionException e) {
            return KafkaErrors.raised(e);
        }
    }

    private void use(Assignment assignment, Asked asked) {
        StartAnswer answer = asked.answer.join();
        List<OwnedPartition> answered =
                open(assignment, asked.partitions).stream().filter(answer::has).toList();
        settle(assignment, answered, answer);
    }

    private void note(Asked asked, RuntimeException failed) {
        if (!(failed instanceof RetriableException)) {
            throw failed;
        }
        LOG.atLevel(fruitless == 0 ? Level.WARN : Level.DEBUG)
                .log(
                        "positions are not known yet; their partitions wait: partitions={} cause={}",
                        asked.partitions.stream().map(each -> each.partition).toList(),
                        failed.toString());
    }

    private void settle(Assignment assignment, List<OwnedPartition> answered, StartAnswer answer) {
        recreated |= answer.other();
        // What was read of the earlier topic is over, not lost; what was read of this one is lost.
        tellLost(answered.stream()
                .filter(each -> !recreated || each.topicId().equals(answer.topic()))
                .toList());
        for (OwnedPartition each : anew(assignment, answered)) {
            seek(each, answer);
        }
        if (answer.other()) {
            tellRecreated(answer.topic());
        }
        lastTopic = answer.topic();
    }

    /** What had a position before gets a new epoch: its open deliveries belong to offsets that mean something else now. */
    private static List<OwnedPartition> anew(Assignment assignment, List<OwnedPartition> answered) {
        assignment.renew(
                answered.stream().filter(each -> !each.topicId().isEmpty()).toList());
        return answered.stream()
                .map(each -> Objects.requireNonNull(assignment.find(each.partition)))
                .toList();
    }

    private void tellRecreated(String id) {
        if (!told.equals(id)) {
            told = id;
            listener.onEvent(new MessagingEvent.DestinationRecreated(
                    spec.destination(), spec.group(), "its id is " + id + " now; it is read from the start"));
        }
    }

    private void tellLost(List<OwnedPartition> fresh) {
        for (OwnedPartition each : fresh) {
            String loss = each.loss();
            if (loss != null) {
                String shard = each.shard.name();
                listener.onEvent(new MessagingEvent.PositionsLost(spec.destination(), spec.group(), shard, loss));
                if (spec.onLost() == LostPositions.STOP) {
                    throw new MessagingException(
                            "group " + spec.group() + " lost its position in " + shard + ": " + loss
                                    + ". Messages may be lost. To continue at the oldest message that is left, use LostPositions.EARLIEST");
                }
            }
        }
    }

    private void seek(OwnedPartition partition, StartAnswer answer) {
        Long position = answer.positions().get(partition.partition);
        OffsetAndMetadata known = answer.committed().get(partition.partition);
        OffsetAndMetadata moved = answer.moved().get(partition.partition);
        if (position != null) {
            consumers.get().seek(partition.partition, position);
            partition.positioned(position, null, answer.note());
        } else if (known != null) {
            consumers.get().seek(partition.partition, known);
            partition.positioned(known.offset(), known, answer.note());
        } else if (moved != null) {
            consumers.get().seek(partition.partition, moved);
            partition.positioned(moved.offset(), null, answer.note());
            LOG.info(
                    "continues at the offset of another consumer group: partition={} offset={} group={} from={}",
                    partition.partition,
                    moved.offset(),
                    name.own(),
                    name.other());
        }
    }
}
