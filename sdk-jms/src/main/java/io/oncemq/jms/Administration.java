package io.oncemq.jms;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Connections for questions. Each question has a connection of its own, which the next one takes over: one that has to wait for the broker keeps
 * no other waiting. Opened when they are needed. Thread-safe.
 */
final class Administration<D extends Administration.Desk> {
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final int MOST_IDLE = 2;

    /** A connection. */
    interface Desk {
        boolean isBroken();

        void close(Duration deadline);
    }

    /** A question. */
    interface Question<D, T> {
        T to(D desk) throws Exception;
    }

    /** Connects. */
    interface Opening<D> {
        D open() throws Exception;
    }

    /** Names the failures of a client. */
    interface Errors {
        MessagingException translate(String doing, Throwable error);
    }

    private final Opening<D> opening;
    private final Errors errors;
    private final Deque<D> idle = new ConcurrentLinkedDeque<>();
    private final Set<D> all = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Administration(Opening<D> opening, Errors errors) {
        this.opening = opening;
        this.errors = errors;
    }

    /**
     * @param doing for people
     * @throws ConnectionException if the broker cannot be reached, or does not answer
     */
    <T> T ask(String doing, Question<D, T> question) {
        D known = known();
        if (known != null) {
            try {
                return answer(doing, known, question);
            } catch (ConnectionException e) {
                // Its broker has gone since; perhaps it is back, or another one serves.
                if (closed) {
                    throw e;
                }
            }
        }
        return answer(doing, open(doing), question);
    }

    private @Nullable D known() {
        for (D desk = idle.poll(); desk != null; desk = idle.poll()) {
            if (!desk.isBroken()) {
                return desk;
            }
            drop(desk, Duration.ZERO);
        }
        return null;
    }

    private D open(String doing) {
        try {
            D desk = opening.open();
            all.add(desk);
            return desk;
        } catch (Exception e) {
            throw errors.translate(doing, e);
        }
    }

    private <T> T answer(String doing, D desk, Question<D, T> question) {
        boolean usable = false;
        try {
            if (closed) {
                throw new ConnectionException("the transport is closed");
            }
            T answer = question.to(desk);
            usable = true;
            return answer;
        } catch (Exception e) {
            MessagingException known = errors.translate(doing, e);
            usable = !(known instanceof ConnectionException);
            throw known;
        } finally {
            if (usable && !closed && idle.size() < MOST_IDLE) {
                idle.push(desk);
            } else {
                drop(desk, Duration.ZERO);
            }
        }
    }

    private void drop(D desk, Duration deadline) {
        if (all.remove(desk)) {
            desk.close(deadline);
        }
    }

    /** Ends what is being asked, too. */
    void close() {
        closed = true;
        all.forEach(desk -> drop(desk, CLOSE));
    }
}
