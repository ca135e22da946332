package io.oncemq.core.publish;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who may touch the sender's state. The sender's thread holds it, and lays it down while it is inside of the broker's client, which may
 * block against its contract. Another thread may take it up meanwhile and gives it back; the sender waits for it after the call.
 */
final class Baton {
    private static final int HELD = 0;
    private static final int LAID_DOWN = 1;
    private static final int TAKEN_UP = 2;
    private static final long LOOK_NANOS = 20_000;

    private final AtomicInteger state = new AtomicInteger();
    private int calls;
    private int takenUp;
    private int takenUpBefore;
    private @Nullable String destination;

    /** Sender thread. @param to where the message of the call goes, or null */
    void layDown(@Nullable String to) {
        destination = to;
        takenUpBefore = takenUp;
        calls++;
        state.lazySet(LAID_DOWN);
    }

    /** Sender thread. @return whether no other thread has had it meanwhile */
    boolean pickUp() {
        while (!state.compareAndSet(LAID_DOWN, HELD)) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        return takenUpBefore == takenUp;
    }

    /** Another thread. @return false if the sender has it */
    boolean takeUp() {
        if (!state.compareAndSet(LAID_DOWN, TAKEN_UP)) {
            return false;
        }
        takenUp++;
        return true;
    }

    void giveBack() {
        state.set(LAID_DOWN);
    }

    /** Any thread. Another number for each call into the broker's client, from 0 on; -1 while the sender is not inside of one. */
    int call() {
        return state.get() == HELD ? -1 : calls & Integer.MAX_VALUE;
    }

    /** Where the message of the call goes. Only for the thread that has taken it up. */
    @Nullable
    String destination() {
        return destination;
    }
}
