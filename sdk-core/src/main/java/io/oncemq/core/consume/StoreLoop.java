package io.oncemq.core.consume;

import io.oncemq.core.EventLoop;
import io.oncemq.core.LoopThreads;
import io.oncemq.core.Uninterrupted;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Talks to the store. Batches form by themselves: while one round trip is under way the next one gathers.
 * Completions, renewals and the like go before claims. What an outage leaves open is repeated, by the same owner, until it is
 * answered, so an effect whose DONE is in doubt is never made again for it. Commands that alone are left open, because the part
 * of the store where they belong is away, step aside: the others do not wait for them, except those of the same records.
 *
 * <p>It has a thread to itself while commands wait or a call is under way, since a call may block, and gives it back when none have come for
 * a while.
 */
final class StoreLoop implements CommandSink {
    /** Receives answers and outages, on the thread that the loop has. */
    interface Listener {
        void answered(List<StoreOperation> operations, List<StoreAnswer> answers, long sentAt);

        void unavailable(Throwable cause);

        void available(Duration outage);

        /** Before the answers of the call that found it. */
        void dataLost();

        void broken(Throwable cause);
    }

    static final int MAX_SETTLEMENTS = 2000;
    static final int MAX_CLAIMS = 2000;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final ClaimStore store;
    private final Listener listener;
    private final LongSupplier ticker;
    private final LoopThreads threads;
    private final String name;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Thread runner;

    private final Object monitor = new Object();
    private boolean mayRun;
    private boolean hasThread;
    private final ArrayDeque<StoreOperation> settlements = new ArrayDeque<>();
    private final ArrayDeque<StoreOperation> claims = new ArrayDeque<>();
    private boolean closing;
    private long closeAt;

    // What waits to be repeated; known to the loop's thread alone.
    private final ArrayDeque<StoreOperation> held = new ArrayDeque<>();
    private final Set<RecordId> heldRecords = new HashSet<>();
    private long heldUntil;
    private int heldTries;
    private boolean retried;

    private int dataLosses;
    private long failures;
    private long downSince;

    StoreLoop(String name, ClaimStore store, Listener listener, LongSupplier ticker, LoopThreads threads) {
        this.name = name;
        this.store = store;
        this.listener = listener;
        this.ticker = ticker;
        this.threads = threads;
    }

    void start() {
        synchronized (monitor) {
            mayRun = !closing;
        }
        submit(new ArrayList<>(0), new ArrayList<>(0));
    }

    @Override
    public void submit(List<StoreOperation> moreSettlements, List<StoreOperation> moreClaims) {
        boolean needsThread;
        synchronized (monitor) {
            settlements.addAll(moreSettlements);
            claims.addAll(moreClaims);
            needsThread = mayRun && !hasThread && !(settlements.isEmpty() && claims.isEmpty());
            hasThread |= needsThread;
            monitor.notifyAll();
        }
        moreSettlements.clear();
        moreClaims.clear();
        if (needsThread) {
            threads.run(name, this::run);
        }
    }

    /** Ends once every settlement is answered, or at the deadline; claims that were not sent are dropped. */
    void close(long deadlineNanos) {
        synchronized (monitor) {
            closing = true;
            closeAt = deadlineNanos;
            claims.clear();
            if (hasThread) {
                monitor.notifyAll();
            } else {
                end();
            }
        }
    }

    private void end() {
        mayRun = false;
        hasThread = false;
        runner = null;
        over.countDown();
    }

    /** Waits for its end, at most for so long. */
    void join(Duration patience) {
        Uninterrupted.await(over, patience);
    }

    /** Whether the calling thread is the loop's. */
    boolean isThread() {
        return Thread.currentThread() == runner;
    }

    private void run() {
        runner = Thread.currentThread();
        try {
            List<StoreOperation> batch = next();
            while (!batch.isEmpty()) {
                roundTrip(batch);
                batch = next();
            }
        } catch (Throwable e) {
            try {
                listener.broken(e);
            } finally {
                synchronized (monitor) {
                    end();
                }
            }
        }
    }

    /** What is to be sent next; empty if the thread is not this loop's any more. */
    private List<StoreOperation> next() {
        List<StoreOperation> batch = new ArrayList<>();
        long restAt = ticker.getAsLong() + EventLoop.LINGER_NANOS;
        synchronized (monitor) {
            while (batch.isEmpty() && !ended()) {
                gather(batch);
                if (batch.isEmpty() && !ended()) {
                    if (held.isEmpty() && restAt - ticker.getAsLong() <= 0) {
                        hasThread = false;
                        runner = null;
                        return batch;
                    }
                    awaitUntil(held.isEmpty() ? restAt : heldUntil);
                }
            }
            if (batch.isEmpty()) {
                end();
            }
        }
        return batch;
    }

    private boolean ended() {
        if (!closing) {
            return false;
        }
        held.removeIf(operation -> operation.command().type() == StoreCommand.Type.CLAIM);
        return closeAt - ticker.getAsLong() <= 0 || settlements.isEmpty() && claims.isEmpty() && held.isEmpty();
    }

    private void gather(List<StoreOperation> batch) {
        retried = !held.isEmpty() && heldUntil - ticker.getAsLong() <= 0;
        if (retried) {
            for (int i = 0; i < MAX_SETTLEMENTS + MAX_CLAIMS && !held.isEmpty(); i++) {
                batch.add(held.poll());
            }
            heldRecords.clear();
            held.forEach(operation -> heldRecords.add(operation.command().id()));
        }
        move(settlements, batch, MAX_SETTLEMENTS);
        move(claims, batch, MAX_CLAIMS);
    }

    /** Commands of a record keep their order, so those of one that is held wait with it. */
    private void move(ArrayDeque<StoreOperation> from, List<StoreOperation> to, int most) {
        for (int i = 0; i < most && !from.isEmpty(); ) {
            StoreOperation operation = from.poll();
            if (heldRecords.contains(operation.command().id())) {
                held.add(operation);
            } else {
                to.add(operation);
                i++;
            }
        }
    }

    private void awaitUntil(long until) {
        long left = until - ticker.getAsLong();
        if (closing) {
            left = Math.min(left, closeAt - ticker.getAsLong());
        }
        if (left > 0) {
            await(Math.max(1, left / 1_000_000));
        }
    }

    /** This thread is never interrupted; a flag that a listener has left must not end it. Its callers look again at what they wait for. */
    private void await(long millis) {
        try {
            monitor.wait(millis);
        } catch (InterruptedException e) {
            // The flag is cleared by this.
        }
    }

    private void roundTrip(List<StoreOperation> batch) {
        List<StoreCommand> commands = new ArrayList<>(batch.size());
        for (StoreOperation operation : batch) {
            commands.add(operation.command());
        }
        Thread.interrupted();
        long sentAt = ticker.getAsLong();
        List<StoreAnswer> answers;
        try {
            answers = store.apply(commands);
        } catch (StoreUnavailableException e) {
            outage(batch, sentAt, e);
            return;
        }
        if (failures > 0) {
            failures = 0;
            listener.available(Duration.ofNanos(ticker.getAsLong() - downSince));
        }
        if (store.dataLosses() != dataLosses) {
            dataLosses = store.dataLosses();
            listener.dataLost();
        }
        deliver(batch, answers, sentAt);
    }

    private void deliver(List<StoreOperation> batch, List<StoreAnswer> answers, long sentAt) {
        List<StoreOperation> open = new ArrayList<>(0);
        for (int i = 0; i < batch.size(); i++) {
            if (answers.get(i).kind() == StoreAnswer.Kind.UNKNOWN) {
                open.add(batch.get(i));
            }
        }
        listener.answered(batch, answers, sentAt);
        if (!open.isEmpty()) {
            stepAside(open);
        } else if (held.isEmpty()) {
            heldTries = 0;
        }
    }

    /** The first repetition follows at once: most often a part of the store has only changed its place. */
    private void stepAside(List<StoreOperation> open) {
        boolean first = retried || held.isEmpty();
        hold(open, first);
        if (first) {
            long pause = heldTries == 0 ? 0 : pauseMillis(heldTries);
            heldTries++;
            heldUntil = ticker.getAsLong() + Duration.ofMillis(pause).toNanos();
        }
    }

    private void outage(List<StoreOperation> batch, long sentAt, StoreUnavailableException cause) {
        hold(batch, true);
        heldUntil = ticker.getAsLong();
        failures++;
        if (failures == 1) {
            downSince = sentAt;
            listener.unavailable(cause);
        }
        long until =
                ticker.getAsLong() + Duration.ofMillis(pauseMillis(failures)).toNanos();
        synchronized (monitor) {
            while (until - ticker.getAsLong() > 0 && !(closing && closeAt - ticker.getAsLong() <= 0)) {
                awaitUntil(until);
            }
        }
    }

    private static long pauseMillis(long tries) {
        return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(tries, 6));
    }

    private void hold(List<StoreOperation> batch, boolean first) {
        for (int i = 0; i < batch.size(); i++) {
            StoreOperation operation = batch.get(first ? batch.size() - 1 - i : i);
            StoreOperation again =
                    new StoreOperation(operation.work(), operation.command().repeat());
            if (first) {
                held.addFirst(again);
            } else {
                held.addLast(again);
            }
            heldRecords.add(operation.command().id());
        }
    }
}
