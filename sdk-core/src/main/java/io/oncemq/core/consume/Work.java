package io.oncemq.core.consume;

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
    Stage stage = Stage.CLAIMING;
    Verdict verdict = Verdict.HANDLE;
    boolean suspect;
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
    boolean counted;

    @Nullable
    Lane lane;

    @Nullable
    Work nextInLane;

    @Nullable
    List<Work> followers;

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

    @Nullable
    Throwable failure;

    @Nullable
    DerivedMessages derived;

    boolean notStarted;
    boolean overrunReported;

    @Nullable
    String deadReason;

    Work(LaneEngine engine, InboundMessage message, ShardState shard, Identity identity, Owner owner, int fingerprint) {
        this.engine = engine;
        this.message = message;
        this.shard = shard;
        this.identity = identity;
        this.owner = owner;
        this.fingerprint = fingerprint;
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

    void queue() {
        notStarted = false;
        failure = null;
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

    void follow(Work follower) {
        if (followers == null) {
            followers = new ArrayList<>(2);
        }
        followers.add(follower);
    }
}
