package io.oncemq.core.consume;

import io.oncemq.core.EventLoop;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through a subscription. Its fields belong to the event loop, but for {@code phase}, by which loop and
 * worker agree who has it, and what the worker leaves behind before it posts the work back.
 */
final class Work implements Runnable {
    static final int IDLE = 0;
    static final int QUEUED = 1;
    static final int RUNNING = 2;
    static final int INTERRUPTING = 3;
    static final int INTERRUPTED = 4;
    static final int FINISHED = 5;
    static final int WITHDRAWN = 6;

    /** Decided by the claim's answer, carried out when its turn comes. */
    enum Verdict {
        HANDLE,
        FINISH_DEAD_LETTER,
        IN_DOUBT
    }

    /** What a run of a handler is taken for until it concludes: never for a success. Shared, so without a stack. */
    private static final Throwable UNCONCLUDED = new Unconcluded();

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Work.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final LaneEngine engine;
    final InboundMessage message;
    final ShardState shard;
    final Identity identity;
    final Owner owner;
    final int fingerprint;

    long sequence;
    private Stage stage = Stage.WAITING;
    Verdict verdict = Verdict.HANDLE;
    boolean suspect;
    /** The dead-letter destination refused it because of its size. */
    boolean tooLarge;
    /** An earlier owner lost its claim, or the handler was started before. */
    boolean lostBefore;
    /** The shard is gone: no acknowledgement and no further attempt, but an effect that happened is still marked. */
    boolean detached;

    int attempt;
    int failures;
    int busyAnswers;
    boolean hasSlot;
    boolean waitsForSlot;
    volatile long token;
    boolean claimed;
    /** It was the head of its lane when its claim was asked for; does not change while it counts as ahead. */
    boolean claimedAsHead;
    /** A CLAIM or START of it is not answered yet. */
    boolean awaited;

    boolean counted;

    @Nullable
    Lane lane;

    @Nullable
    Work beforeInLane;

    @Nullable
    Work nextInLane;

    /** The one of the same id that it waits for. */
    @Nullable
    Work leader;

    @Nullable
    List<Work> followers;

    private @Nullable Alarm alarm;

    volatile long leaseUntil;
    long renewAt;
    boolean renewing;
    boolean leased;

    @Nullable
    Work leaseBefore;

    @Nullable
    Work leaseAfter;

    private volatile int phase = IDLE;

    @Nullable
    Thread runner;

    volatile long startedAt;

    /** Why it was not handled; null says that it was, once its handler has been let loose. */
    @Nullable
    Throwable failure;

    @Nullable
    DerivedMessages derived;

    boolean notStarted;
    boolean overrunReported;

    /** Why it is dead-lettered, once that is decided. */
    @Nullable
    DeadCause deadCause;

    Work(LaneEngine engine, InboundMessage message, ShardState shard, Identity identity, Owner owner, int fingerprint) {
        this.engine = engine;
        this.message = message;
        this.shard = shard;
        this.identity = identity;
        this.owner = owner;
        this.fingerprint = fingerprint;
    }

    Stage stage() {
        return stage;
    }

    boolean settled() {
        return stage == Stage.SETTLED;
    }

    /**
     * The one place where a stage changes.
     *
     * @throws IllegalStateException if the event cannot happen in its stage: the engine has a defect, and what it would do next
     *     could be a loss
     */
    void move(WorkEvent event) {
        Stage next = event.after(stage);
        if (next == null) {
            throw new IllegalStateException(
                    "message " + identity.id() + " cannot take " + event + ": its stage is " + stage);
        }
        if (identity.record() != null) {
            countAhead((next.ahead() ? 1 : 0) - (stage.ahead() ? 1 : 0));
        }
        stage = next;
        if (next == Stage.SETTLED) {
            forgetAlarm();
        }
    }

    private void countAhead(int more) {
        shard.ahead += more;
        shard.headsAhead += claimedAsHead ? more : 0;
        if (lane != null) {
            lane.ahead += more;
        }
    }

    /** Runs the task on the loop at that time, unless the message is settled before. */
    void wakeAt(EventLoop loop, long at, Runnable task) {
        Alarm set = new Alarm(task);
        alarm = set;
        loop.at(at, set);
    }

    private void forgetAlarm() {
        if (alarm != null) {
            alarm.task = null;
            alarm = null;
        }
    }

    private static final class Unconcluded extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Unconcluded() {
            super(
                    "handling a message: the run did not conclude, because memory or stack ran out around the handler."
                            + " It is tried again as after a failed attempt; look for errors of the virtual machine in the log.");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** Stays with the loop until its time, so it must not hold a message that is settled. */
    private static final class Alarm implements Runnable {
        private @Nullable Runnable task;

        Alarm(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            Runnable due = task;
            task = null;
            if (due != null) {
                due.run();
            }
        }
    }

    /** The worker is done with it; runs on the event loop. */
    @Override
    public void run() {
        engine.handlerEnded(this);
    }

    RecordId record() {
        return identity.recordOrThrow();
    }

    int phase() {
        return phase;
    }

    /** Its run counts as failed until it concludes. */
    void queue() {
        notStarted = false;
        failure = UNCONCLUDED;
        derived = null;
        phase = QUEUED;
    }

    /** Worker: takes it, unless the loop has withdrawn it. */
    boolean begin(Thread thread, long now) {
        runner = thread;
        startedAt = now;
        return PHASE.compareAndSet(this, QUEUED, RUNNING);
    }

    /** Loop: takes it back, unless a worker has begun. */
    boolean withdraw() {
        return PHASE.compareAndSet(this, QUEUED, WITHDRAWN);
    }

    /** Worker: after this no interrupt for this work can hit the thread any more. */
    void end() {
        if (!PHASE.compareAndSet(this, RUNNING, FINISHED)) {
            while (phase == INTERRUPTING) {
                Thread.onSpinWait();
            }
            phase = FINISHED;
            Thread.interrupted();
        }
        runner = null;
    }

    /** Loop: interrupts the handler if it runs. */
    void interrupt() {
        if (PHASE.compareAndSet(this, RUNNING, INTERRUPTING)) {
            Thread thread = runner;
            if (thread != null) {
                thread.interrupt();
            }
            phase = INTERRUPTED;
        }
    }

    /** Whether its handler has begun, and what follows from it has not been stored. */
    boolean runs() {
        return stage.started() && !(stage == Stage.DISPATCHED && (phase == QUEUED || phase == WITHDRAWN));
    }

    boolean holdsLease(long now) {
        return leaseUntil - now > 0;
    }

    /** It is settled before its leader. */
    void unfollow() {
        if (leader != null && leader.followers != null) {
            leader.followers.remove(this);
        }
        leader = null;
    }

    void follow(Work follower) {
        if (followers == null) {
            followers = new ArrayList<>(2);
        }
        followers.add(follower);
        follower.leader = this;
    }
}
