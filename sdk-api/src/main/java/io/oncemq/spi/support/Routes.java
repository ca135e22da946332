package io.oncemq.spi.support;

import io.oncemq.spi.OutboundFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one publish session knows of its destinations. A server is asked on other threads, never on the one that sends: the messages of a destination
 * that is being looked up wait here, in their order, and those of all other destinations pass (S11). A route that is looked up again is used
 * until the answer is there, unless it is too old. Thread-safe; no method blocks.
 *
 * @param <R> what an adapter has to know of a destination to send there
 */
public final class Routes<R> {
    /** Asks a server for a route. Runs on a thread of the executor, for one destination once at a time, and may block. */
    public interface LookUp<R> {
        /** What it throws goes to {@link Sends#notPlaced} for each message that waits; the next message asks again. */
        R find(String destination) throws Exception;
    }

    /** Where messages go. Called on the sending thread, or on the one that looked the route up; throws nothing. */
    public interface Sends<R> {
        /** Sends it now. */
        void place(R route, OutboundFrame frame, Object context);

        /** There is no route: the look-up failed, or everything is closed. */
        void notPlaced(Throwable cause, OutboundFrame frame, Object context);
    }

    /** Longer than any process lives. */
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private record Held(OutboundFrame frame, Object context) {}

    /** @param at when the answer came, so that a slow one is not too old on arrival */
    private record Found<R>(R route, long at) {}

    private final class Way {
        final String destination;
        final Deque<Held> held = new ArrayDeque<>();
        boolean asking;
        volatile @Nullable Found<R> found;

        Way(String destination) {
            this.destination = destination;
        }
    }

    private final Executor executor;
    private final LookUp<R> lookUp;
    private final Sends<R> sends;
    private final long goodNanos;
    private final LongSupplier ticker;
    private final Map<String, Way> ways = new ConcurrentHashMap<>();
    private volatile @Nullable Throwable closed;

    /** @param executor runs look-ups; as many at once as it has threads */
    public Routes(Executor executor, LookUp<R> lookUp, Sends<R> sends) {
        this(executor, lookUp, sends, FOR_EVER, () -> 0);
    }

    /**
     * With answers that are believed for a while only: a message that comes later waits for the next answer, and one that comes after half of
     * the time has it asked for.
     *
     * @param good for how long an answer is believed, since it came. What has waited for it goes by it in any case
     * @param ticker nanoseconds, such as {@code System::nanoTime}
     */
    public Routes(Executor executor, LookUp<R> lookUp, Sends<R> sends, Duration good, LongSupplier ticker) {
        this.executor = executor;
        this.lookUp = lookUp;
        this.sends = sends;
        this.goodNanos = good.toNanos();
        this.ticker = ticker;
    }

    /** Sends it over a known route at once, else when the route is found. */
    public void send(OutboundFrame frame, Object context) {
        Way way = ways.get(frame.destination());
        if (way == null) {
            way = ways.computeIfAbsent(frame.destination(), Way::new);
        }
        Found<R> known = believed(way);
        if (known == null) {
            known = hold(way, frame, context);
        }
        if (known != null) {
            sends.place(known.route, frame, context);
        }
    }

    private @Nullable Found<R> believed(Way way) {
        Found<R> known = way.found;
        if (known == null) {
            return null;
        }
        long age = ticker.getAsLong() - known.at;
        if (age >= goodNanos) {
            return forget(way, known);
        }
        if (age >= goodNanos / 2) {
            refresh(way, route -> true);
        }
        return known;
    }

    /** Unless there is a newer one, which is returned. */
    private @Nullable Found<R> forget(Way way, Found<R> old) {
        synchronized (way) {
            if (way.found == old) {
                way.found = null;
            }
            return way.found;
        }
    }

    /** Keeps it until the route is known; returns the route if it is known by now. */
    private @Nullable Found<R> hold(Way way, OutboundFrame frame, Object context) {
        Throwable over;
        boolean ask;
        synchronized (way) {
            Found<R> known = way.found;
            if (known != null) {
                return known;
            }
            over = closed;
            if (over == null) {
                way.held.add(new Held(frame, context));
            }
            ask = over == null && !way.asking;
            way.asking |= ask;
        }
        if (over != null) {
            sends.notPlaced(over, frame, context);
        } else if (ask) {
            ask(way);
        }
        return null;
    }

    /** Looks known routes up again, unless that is under way already. */
    public void refresh(BiPredicate<String, R> which) {
        for (Way way : ways.values()) {
            refresh(way, route -> which.test(way.destination, route));
        }
    }

    private void refresh(Way way, Predicate<R> which) {
        boolean ask;
        synchronized (way) {
            Found<R> known = way.found;
            ask = closed == null && !way.asking && known != null && which.test(known.route);
            way.asking |= ask;
        }
        if (ask) {
            ask(way);
        }
    }

    /** Takes back a message that waits for its route. @return false if it does not wait here, so that it may be on its way */
    public boolean withdraw(OutboundFrame frame, Object context) {
        Way way = ways.get(frame.destination());
        if (way == null) {
            return false;
        }
        synchronized (way) {
            return way.held.removeIf(each -> each.context.equals(context));
        }
    }

    private void ask(Way way) {
        try {
            executor.execute(() -> find(way));
        } catch (Throwable e) {
            failed(way, e);
        }
    }

    /** Whatever is thrown, the next message asks again. */
    private void find(Way way) {
        try {
            R route = lookUp.find(way.destination);
            Found<R> found = new Found<>(route, ticker.getAsLong());
            for (Held next = pollOrKeep(way, found); next != null; next = pollOrKeep(way, found)) {
                sends.place(route, next.frame, next.context);
            }
        } catch (Throwable e) {
            failed(way, e);
        }
    }

    private @Nullable Held pollOrKeep(Way way, Found<R> found) {
        synchronized (way) {
            Held next = way.held.poll();
            if (next == null) {
                way.asking = false;
                way.found = closed == null ? found : null;
            }
            return next;
        }
    }

    private void failed(Way way, Throwable cause) {
        List<Held> waiting;
        synchronized (way) {
            way.asking = false;
            waiting = new ArrayList<>(way.held);
            way.held.clear();
        }
        waiting.forEach(each -> sends.notPlaced(cause, each.frame, each.context));
    }

    /** What waits has no route, and neither has what comes later. */
    public void close(Throwable cause) {
        closed = cause;
        for (Way way : ways.values()) {
            synchronized (way) {
                way.found = null;
            }
            failed(way, cause);
        }
    }
}
