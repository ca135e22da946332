package io.oncemq.rocket;

import io.oncemq.ConnectionException;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingException;
import io.oncemq.core.SourceThread;
import io.oncemq.rocket.Examination.Verdict;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.exception.MQClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a group and its thread, which alone decides what is owned, pulled and dispatched, and never waits for a server: what has to be
 * asked is asked on other threads, and the answers, pulled messages among them, come back as notes in its inbox.
 */
final class RocketSource implements MessageSource, SourceThread.Work {
    private static final Logger LOG = LoggerFactory.getLogger(RocketSource.class);
    private static final long RETRY_NANOS = Duration.ofMillis(300).toNanos();
    /** For so long a broker may refuse to read at a position that it has; after that the position counts as lost. */
    private static final long REFUSED_NANOS = Duration.ofSeconds(30).toNanos();

    /** In how many fetches the bound is reached. */
    private static final int FETCHES = 4;

    /** What the last commits and locks have beyond the drain. */
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(2);

    private final SourceSpec spec;
    private final SourceListener listener;
    private final Consumer<AutoCloseable> onClose;
    private final GroupMember member;
    private final Membership membership;
    private final LifeMarks marks;
    private final Duration look;
    private final Assignment assignment;
    private final Examination examination;
    private final Pulls pulls;
    private final @Nullable ReplayEnd end;
    private final Troubles troubles;
    private final Questions questions;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final SourceThread thread;
    private final Rest rest = new Rest();
    private volatile boolean membersChanged;
    private boolean looking;
    private long lookAt = System.nanoTime();
    private boolean askingForEnd;
    private long endAt = lookAt;

    RocketSource(
            SourceSpec spec,
            SourceListener listener,
            SourceParts parts,
            Duration lockExpiry,
            Consumer<AutoCloseable> onClose) {
        this.spec = spec;
        this.listener = listener;
        this.onClose = onClose;
        this.troubles = new Troubles(spec, listener::onEvent, System::nanoTime);
        this.questions = new Questions(parts.asking(), inbox::add);
        this.member = parts.member(this::membersChanged);
        String group = parts.group();
        Offsets offsets = new Offsets(member.api(), member::address);
        QueueLocks locks = new QueueLocks(member.api(), member::address, group, member.id());
        StartPositions positions = new StartPositions(offsets, locks, group, spec);
        this.end = spec.replay() ? new ReplayEnd(offsets, member.dispatch(), group) : null;
        this.look = LifeMarks.look(lockExpiry);
        this.marks = new LifeMarks(locks, parts.topic(), member.id(), look, System::nanoTime);
        this.membership = new Membership(member, parts.route(), marks, end);
        this.examination = new Examination(offsets, group);
        this.assignment = new Assignment(
                listener,
                broker -> new BrokerDesk(broker, locks, offsets, positions, group),
                questions,
                this::trouble,
                lockExpiry,
                end);
        this.pulls =
                new Pulls(member, group, parts.wanted(), (queue, answer) -> inbox.add(() -> pulled(queue, answer)));
        this.thread = new SourceThread("oncemq-rocket-source-" + spec.destination() + "-" + spec.group(), this);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void pause(Shard shard) {
        OwnedQueue queue = assignment.find(shard);
        if (queue != null) {
            queue.wantPause(true);
        }
    }

    @Override
    public void resume(Shard shard) {
        OwnedQueue queue = assignment.find(shard);
        if (queue != null && queue.wantPause(false)) {
            wake();
        }
    }

    @Override
    public void acknowledge(List<Acknowledgement> acknowledgements) {
        for (Acknowledgement each : acknowledgements) {
            OwnedQueue queue = assignment.find(each.shard());
            if (queue != null) {
                queue.acknowledge(each);
            }
        }
        if (rest.isLong()) {
            wake();
        }
    }

    private void membersChanged() {
        membersChanged = true;
        wake();
    }

    @Override
    public void wake() {
        inbox.add(() -> {});
    }

    @Override
    public void close(Duration deadline) {
        thread.close(deadline);
    }

    @Override
    public void begin() throws MQClientException {
        member.start();
    }

    @Override
    public void turn() throws InterruptedException {
        takeNotes(rest.millis(this::idleNanos));
        rest.over();
        if (!thread.isClosing()) {
            tend(System.nanoTime());
        }
    }

    @Override
    public void failed(Throwable error) {
        listener.onFailure(RocketErrors.translate("consuming " + spec.destination(), error));
    }

    private long idleNanos() {
        long now = System.nanoTime();
        return end == null ? Math.min(lookAt - now, assignment.restsFor(now)) : 0;
    }

    private void takeNotes(long patienceMillis) throws InterruptedException {
        Runnable note = inbox.poll(patienceMillis, TimeUnit.MILLISECONDS);
        while (note != null) {
            note.run();
            note = inbox.poll();
        }
    }

    private void tend(long now) {
        look(now);
        assignment.tend(now);
        if (assignment.wasOutlocked()) {
            troubles.letIn();
        }
        for (OwnedQueue each : List.copyOf(assignment.all())) {
            dispatch(each);
        }
        askForEnd(now);
    }

    private void look(long now) {
        if (looking || !membersChanged && now - lookAt < 0) {
            return;
        }
        looking = true;
        membersChanged = false;
        lookAt = now + look.toNanos();
        questions.ask(
                membership,
                view -> {
                    looking = false;
                    lookAt += view.isAlone() ? look.toNanos() : 0;
                    if (!view.queues().isEmpty() && view.mine().isEmpty()) {
                        // What has nothing to read has nothing else to prove that it may.
                        troubles.letIn();
                    }
                    troubles.well(Troubles.DIRECTORY, false);
                    assignment.allocate(view, System.nanoTime());
                },
                error -> {
                    looking = false;
                    lookAt = System.nanoTime() + trouble(Troubles.DIRECTORY, error);
                });
    }

    private void askForEnd(long now) {
        ReplayEnd replay = end;
        if (replay == null
                || askingForEnd
                || !replay.isKnown()
                || now - endAt < 0
                || !ReplayEnd.isRead(assignment.all())) {
            return;
        }
        askingForEnd = true;
        questions.ask(
                replay::isReached,
                reached -> {
                    if (reached) {
                        listener.onEnd();
                    } else {
                        askingForEnd = false;
                        endAt = System.nanoTime() + RETRY_NANOS;
                    }
                },
                error -> {
                    askingForEnd = false;
                    endAt = System.nanoTime() + trouble(Troubles.DIRECTORY, error);
                });
    }

    /** Asks for what comes next, then hands over what is there: both go on at the same time. */
    private void dispatch(OwnedQueue queue) {
        if (System.nanoTime() - queue.lockedUntil > 0) {
            return;
        }
        List<InboundMessage> messages = queue.take();
        if (queue.mayPull(System.nanoTime())) {
            queue.pulling = true;
            pull(queue);
        }
        if (!messages.isEmpty()) {
            listener.onMessages(queue.shard, messages);
        }
    }

    /** What was pulled may have to wait while the engine is full, so all queues together stay within its bounds. */
    private void pull(OwnedQueue queue) {
        int shares = Math.max(1, assignment.all().size());
        int most = Math.max(1, spec.maxInFlight() / FETCHES / shares);
        pulls.start(queue, most, (int) Math.min(Integer.MAX_VALUE, Math.max(1, spec.maxInFlightBytes() / shares)));
    }

    private void pulled(OwnedQueue queue, Pulls.Answer answer) {
        queue.pulling = false;
        if (!assignment.owns(queue) || queue.leaving) {
            return;
        }
        Throwable error = answer.error();
        if (error != null) {
            pullFailed(queue, answer, error);
            return;
        }
        queue.pulled();
        troubles.letIn();
        troubles.well(queue.queue.getBrokerName(), !answer.messages().isEmpty());
        if (queue.withoutTopic) {
            String detail = "its topic was deleted; it is read from the start";
            listener.onEvent(new MessagingEvent.DestinationRecreated(spec.destination(), spec.group(), detail));
            assignment.renew(queue, detail);
        } else if (answer.status() == PullStatus.OFFSET_ILLEGAL || answer.gapFrom() >= 0) {
            examine(queue, answer);
        } else {
            fetched(queue, answer);
            dispatch(queue);
        }
    }

    private void pullFailed(OwnedQueue queue, Pulls.Answer answer, Throwable error) {
        if (answer.unreadable()) {
            throw new MessagingException(
                    "the message at offset " + answer.asked() + " of " + Offsets.text(queue.queue) + " cannot be read",
                    error);
        }
        String broker = queue.queue.getBrokerName();
        long now = System.nanoTime();
        queue.withoutTopic |= RocketErrors.isWithoutTopic(error);
        assignment.distrust(broker, now);
        queue.pullAt = now + trouble(broker, error);
        // A broker forgets a member with its connection.
        lookAt = queue.pullAt;
    }

    private void examine(OwnedQueue queue, Pulls.Answer answer) {
        queue.examined = true;
        questions.ask(
                () -> examination.of(queue, answer),
                verdict -> {
                    if (assignment.owns(queue) && !queue.leaving) {
                        queue.examined = false;
                        examined(queue, answer, verdict);
                    }
                },
                error -> {
                    queue.examined = false;
                    queue.pullAt = System.nanoTime() + trouble(queue.queue.getBrokerName(), error);
                });
    }

    private void examined(OwnedQueue queue, Pulls.Answer answer, Verdict verdict) {
        switch (verdict.kind()) {
            case SOUND -> {
                if (answer.status() == PullStatus.OFFSET_ILLEGAL) {
                    refused(queue, answer);
                } else {
                    fetched(queue, answer);
                }
            }
            case MOVED -> {
                LOG.warn(
                        "the position of a group was changed from outside: group={} queue={} detail={}",
                        spec.group(),
                        queue.shard.name(),
                        verdict.detail());
                assignment.renew(queue, null);
            }
            case LOST -> lost(queue, verdict.detail());
        }
    }

    private void fetched(OwnedQueue queue, Pulls.Answer answer) {
        if (queue.isRefused()) {
            troubles.well(queue.shard.name(), true);
        }
        queue.fetched(answer.messages(), answer.next());
    }

    /** The broker has the position, by its own word, and does not read there: it may just have come up, or has lost what lies there. */
    private void refused(OwnedQueue queue, Pulls.Answer answer) {
        long now = System.nanoTime();
        String detail =
                "its broker has offset " + answer.asked() + " and does not read there; it proposes " + answer.next();
        if (queue.refused(now) >= REFUSED_NANOS) {
            lost(queue, detail);
        } else {
            queue.pullAt =
                    now + trouble(queue.shard.name(), new ConnectionException(queue.shard.name() + ": " + detail));
        }
    }

    private void lost(OwnedQueue queue, String detail) {
        String shard = queue.shard.name();
        listener.onEvent(new MessagingEvent.PositionsLost(spec.destination(), spec.group(), shard, detail));
        if (spec.onLost() == LostPositions.STOP) {
            throw new MessagingException(
                    "group " + spec.group() + " lost its position in " + shard + ": " + detail
                            + ". Messages may be lost. To continue at the oldest message that is left, use LostPositions.EARLIEST",
                    null);
        }
        assignment.renew(queue, detail);
    }

    /** How long to wait before it is tried again. What ends the source is thrown, unless it ends anyway. */
    private long trouble(String server, Throwable error) {
        if (thread.isClosing()) {
            return RETRY_NANOS;
        }
        LOG.debug(
                "a source meets an error and continues: source={} server={} cause={}",
                thread.name(),
                server,
                error.toString());
        return troubles.failed(server, error);
    }

    @Override
    public void end(Duration within) {
        long deadline = System.nanoTime() + within.plus(LAST_REQUESTS).toNanos();
        try {
            assignment.releaseAll();
            while (assignment.isReleasing() && System.nanoTime() - deadline < 0) {
                takeNotes(Rest.TURN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn(
                    "a source closes without its last commit; some messages are repeated: source={} cause={}",
                    thread.name(),
                    e.toString());
        } finally {
            questions.close();
            member.leave(marks::remove);
            onClose.accept(this);
        }
    }
}
