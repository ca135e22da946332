package io.oncemq.core.consume;

import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The thread that talks to the store. Batches form by themselves: while one round trip is under way the next one gathers.
 * Completions, renewals and the like go before claims. What an outage leaves open is repeated, by the same owner, until it is
 * answered, so an effect whose DONE is in doubt is never made again for it.
 */
final class StoreLoop implements Runnable {
    /** Hears of answers and outages, on the store's thread. */
    interface Listener {
        void answered(List<StoreOperation> operations, List<StoreAnswer> answers, long sentAt);

        void unavailable(Throwable cause);

        void available(Duration outage);

        void broken(Throwable cause);
    }

    static final int MAX_SETTLEMENTS = 2000;
    static final int MAX_CLAIMS = 2000;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final ClaimStore store;
    private final Listener listener;
    private final LongSupplier ticker;
    private final Thread thread;

    private final Object monitor = new Object();
    private final ArrayDeque<StoreOperation> settlements = new ArrayDeque<>();
    private final ArrayDeque<StoreOperation> claims = new ArrayDeque<>();
    private boolean closing;
    private long closeAt;

    private long failures;
    private long downSince;

    StoreLoop(String name, ClaimStore store, Listener listener, LongSupplier ticker) {
        this.store = store;
        this.listener = listener;
        this.ticker = ticker;
        this.thread = new Thread(this, name);
    }

    void start() {
        thread.start();
    }

    /** Hands operations over and empties both lists. Does not block. */
    void submit(List<StoreOperation> moreSettlements, List<StoreOperation> moreClaims) {
        synchronized (monitor) {
            settlements.addAll(moreSettlements);
            claims.addAll(moreClaims);
            monitor.notifyAll();
        }
        moreSettlements.clear();
        moreClaims.clear();
    }

    /** Ends once every settlement is answered, or at the deadline; claims that were not sent are dropped. */
    void close(long deadlineNanos) {
        synchronized (monitor) {
            closing = true;
            closeAt = deadlineNanos;
            claims.clear();
            monitor.notifyAll();
        }
    }

    void join(long millis) throws InterruptedException {
        thread.join(Math.max(1, millis));
    }

    @Override
    public void run() {
        try {
            List<StoreOperation> batch = next();
            while (!batch.isEmpty()) {
                roundTrip(batch);
                batch = next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            listener.broken(e);
        }
    }

    private List<StoreOperation> next() throws InterruptedException {
        synchronized (monitor) {
            while (settlements.isEmpty() && claims.isEmpty() && !closing) {
                monitor.wait();
            }
            List<StoreOperation> batch = new ArrayList<>();
            if (closing && closeAt - ticker.getAsLong() <= 0) {
                return batch;
            }
            move(settlements, batch, MAX_SETTLEMENTS);
            move(claims, batch, MAX_CLAIMS);
            return batch;
        }
    }

    private static void move(ArrayDeque<StoreOperation> from, List<StoreOperation> to, int most) {
        for (int i = 0; i < most && !from.isEmpty(); i++) {
            to.add(from.poll());
        }
    }

    private void roundTrip(List<StoreOperation> batch) throws InterruptedException {
        List<StoreCommand> commands = new ArrayList<>(batch.size());
        for (StoreOperation operation : batch) {
            commands.add(operation.command());
        }
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
            repeat(open);
        }
    }

    private void outage(List<StoreOperation> batch, long sentAt, StoreUnavailableException cause)
            throws InterruptedException {
        repeat(batch);
        failures++;
        if (failures == 1) {
            downSince = sentAt;
            listener.unavailable(cause);
        }
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 6));
        long until = ticker.getAsLong() + Duration.ofMillis(pause).toNanos();
        synchronized (monitor) {
            long left = until - ticker.getAsLong();
            while (left > 0 && !(closing && closeAt - ticker.getAsLong() <= 0)) {
                monitor.wait(Math.max(1, left / 1_000_000));
                left = until - ticker.getAsLong();
            }
        }
    }

    private void repeat(List<StoreOperation> batch) {
        synchronized (monitor) {
            for (int i = batch.size() - 1; i >= 0; i--) {
                StoreOperation operation = batch.get(i);
                StoreOperation again =
                        new StoreOperation(operation.work(), operation.command().repeat());
                if (operation.command().type() != StoreCommand.Type.CLAIM) {
                    settlements.addFirst(again);
                } else if (!closing) {
                    claims.addFirst(again);
                }
            }
        }
    }
}
