package io.oncemq.jms;

import io.oncemq.ConnectionException;
import io.oncemq.spi.support.SourceRecovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection over which the sources of a transport receive: opened when it is first needed, again after it broke, and closed after its
 * last user. Users who need it while it is being opened wait for that attempt and share its result; one that failed counts for each of
 * them once, so a broker that is unreachable is tried by one user at a time. Thread-safe.
 *
 * <p>What a user has opened on the connection is its own ({@link Seat}), and is closed when it leaves, while the others continue.
 *
 * @param <L> the connection
 */
final class SharedLink<L extends SharedLink.Link> {
    private static final Logger LOG = LoggerFactory.getLogger(SharedLink.class);
    private static final Duration LEAST_CLOSE = Duration.ofSeconds(1);

    /** A connection. */
    interface Link extends Administration.Desk {
        /** Breaks whatever waits on it. Throws nothing. */
        void cut();
    }

    /** Receives over it. Called on any thread; does not block. */
    interface User {
        /** The connection is of no more use. */
        void broken(Throwable cause);

        /** After {@link #broken}, or after an attempt that failed: the connection is open again. */
        void reachable();

        /** Whether it needs the connection no more. */
        boolean isClosing();
    }

    /** Connects. */
    interface Opening<L> {
        /** @param broken to be told, once or more often, when the connection is of no more use */
        L open(Consumer<Throwable> broken) throws Exception;
    }

    /** A session or a consumer. */
    interface Held {
        /** May block; an answer that does not come breaks the connection. */
        void close() throws Exception;
    }

    /** An attempt to connect, and the connection if it succeeded. Its state is guarded by the outer lock. */
    private final class Attempt {
        final CompletableFuture<L> result = new CompletableFuture<>();
        final Set<User> users = new HashSet<>();
        final CompletableFuture<Boolean> closed = new CompletableFuture<>();
        final long since = System.nanoTime();
        boolean over;
        boolean closing;

        /** Whether another one is due for this user: of one that failed each of those who lost the connection is told once. */
        boolean isSpentFor(User user) {
            if (result.isCompletedExceptionally()) {
                return users.contains(user)
                        || !waiting.contains(user)
                        || System.nanoTime() - since > SourceRecovery.LAST_WAIT.toNanos();
            }
            return over || isOpen() && result.join().isBroken();
        }

        boolean isOpen() {
            return result.isDone() && !result.isCompletedExceptionally();
        }
    }

    private final Opening<L> opening;
    private final Set<User> waiting = new HashSet<>();
    private @Nullable Attempt last;

    SharedLink(Opening<L> opening) {
        this.opening = opening;
    }

    /** A user's place on the connection, with what it has opened there. */
    final class Seat {
        final L link;
        private final Attempt attempt;
        private final User user;
        private final Set<Held> held = ConcurrentHashMap.newKeySet();

        private Seat(Attempt attempt, L link, User user) {
            this.attempt = attempt;
            this.link = link;
            this.user = user;
        }

        /** To be closed when the user leaves, unless it is {@link #released} before. */
        void holds(Held opened) {
            held.add(opened);
        }

        void released(Held closed) {
            held.remove(closed);
        }

        /** Breaks what waits on the connection, where that harms no other user. Throws nothing. */
        void cut() {
            if (isAlone(attempt)) {
                link.cut();
            }
        }

        /**
         * Closes what this user has opened, and the connection after its last user. Returns after the deadline and two seconds at the most; what is
         * not closed by then is closed when the broker answers, or breaks the connection. Throws nothing.
         */
        void leave(Duration deadline) {
            if (link.isBroken()) {
                SharedLink.this.broken(attempt, new ConnectionException("the connection is lost"));
            }
            if (left(attempt, user)) {
                close(attempt, deadline);
                return;
            }
            Thread closing = JmsTransport.daemon(this::closeHeld, "leaving");
            closing.start();
            try {
                closing.join(Math.max(LEAST_CLOSE.toMillis(), deadline.toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void closeHeld() {
            for (Held each : held) {
                try {
                    each.close();
                } catch (Exception e) {
                    LOG.debug("a consumer failed to close: {}", e.toString());
                }
            }
        }
    }

    /**
     * The connection, open a moment ago. Blocks while it is opened. What breaks it from now on is told to the user.
     *
     * @throws Exception what opening it threw, to this user or to another one
     */
    Seat join(User user) throws Exception {
        Attempt current;
        boolean mine;
        synchronized (this) {
            current = last;
            mine = current == null || current.isSpentFor(user);
            if (current == null || mine) {
                current = new Attempt();
                last = current;
            }
            current.users.add(user);
            waiting.remove(user);
        }
        if (mine) {
            open(current);
        }
        try {
            return new Seat(current, current.result.join(), user);
        } catch (CompletionException e) {
            waits(List.of(user));
            if (e.getCause() instanceof Error serious) {
                throw serious;
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private synchronized void waits(List<User> users) {
        waiting.removeIf(User::isClosing);
        waiting.addAll(users);
    }

    private void open(Attempt attempt) {
        try {
            attempt.result.complete(opening.open(cause -> broken(attempt, cause)));
        } catch (Throwable e) {
            attempt.result.completeExceptionally(e);
            return;
        }
        List<User> others;
        boolean over;
        synchronized (this) {
            over = attempt.over;
            others = over ? List.of() : List.copyOf(waiting);
            waiting.removeAll(others);
        }
        others.forEach(User::reachable);
        if (over) {
            closeLater(attempt);
        }
    }

    /** Reports it to all users, once; the next user that needs a connection opens another one. */
    private void broken(Attempt attempt, Throwable cause) {
        List<User> told;
        synchronized (this) {
            if (attempt.over) {
                return;
            }
            attempt.over = true;
            told = new ArrayList<>(attempt.users);
            attempt.users.clear();
            waits(told);
        }
        told.forEach(user -> user.broken(cause));
        if (attempt.isOpen()) {
            closeLater(attempt);
        }
    }

    private void closeLater(Attempt attempt) {
        JmsTransport.daemon(() -> close(attempt, Duration.ZERO), "closing").start();
    }

    /** @return whether no user is left */
    private synchronized boolean left(Attempt attempt, User user) {
        attempt.users.remove(user);
        if (attempt.users.isEmpty()) {
            attempt.over = true;
        }
        return attempt.over;
    }

    private synchronized boolean isAlone(Attempt attempt) {
        return attempt.over || attempt.users.size() == 1;
    }

    /** Closes once; a second caller waits for the end. */
    private void close(Attempt attempt, Duration deadline) {
        boolean mine;
        synchronized (this) {
            mine = !attempt.closing;
            attempt.closing = true;
        }
        if (mine) {
            try {
                attempt.result.join().close(deadline);
            } finally {
                attempt.closed.complete(true);
            }
        } else {
            attempt.closed.join();
        }
    }

    /** For good, after all users have left, or failed to. Blocks for a few seconds at most. */
    void close(Duration deadline) {
        Attempt current;
        synchronized (this) {
            current = last;
        }
        if (current != null && current.isOpen()) {
            broken(current, new ConnectionException("the transport is closed"));
            close(current, deadline);
        }
    }
}
