package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.MessagingClient;
import io.oncemq.Subscription;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;

/**
 * Starts listeners when the application has started, and drains them first when it ends: before the web server stops taking requests
 * and before any bean that a handler may use is destroyed. A drain that does not end by its deadline loses nothing: what was not
 * settled is delivered again elsewhere.
 */
final class ListenerLifecycle implements OnceListeners, SmartInitializingSingleton, SmartLifecycle {
    static final String BEAN = "onceListeners";
    private static final long LOOK_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(ListenerLifecycle.class);

    private final ListenerFinder finder;
    private final Clients clients;
    private final ObjectProvider<SubscriptionCustomizer> customizers;
    private final StopBudget budget;
    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final LateListeners late = new LateListeners();
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Map<String, Listener> listeners = Map.of();
    private volatile boolean looked;
    private volatile boolean running;
    private @Nullable ScheduledExecutorService watcher;

    ListenerLifecycle(
            ListenerFinder finder,
            Clients clients,
            ObjectProvider<SubscriptionCustomizer> customizers,
            StopBudget budget) {
        this.finder = finder;
        this.clients = clients;
        this.customizers = customizers;
        this.budget = budget;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Map<String, Listener> found = new LinkedHashMap<>();
        finder.find().forEach(listener -> found.put(listener.id(), listener));
        listeners = found;
        looked = true;
    }

    @Override
    public Set<String> ids() {
        return Set.copyOf(listeners.keySet());
    }

    @Override
    public Optional<Subscription> subscription(String id) {
        return Optional.ofNullable(subscriptions.get(id));
    }

    @Override
    public void start() {
        changing.lock();
        try {
            budget.renew();
            if (!looked) {
                afterSingletonsInstantiated(); // nobody calls it for a bean that is initialized lazily
            }
            for (Listener listener : listeners.values()) {
                if (listener.settings().autoStartup()) {
                    openOrWait(listener);
                }
            }
            watch();
            running = true;
        } catch (RuntimeException e) {
            closeAll(budget.ofListeners());
            throw e;
        } finally {
            changing.unlock();
        }
    }

    @Override
    public Optional<Throwable> failure(String id) {
        return late.failure(id);
    }

    @Override
    public void start(String id) {
        Listener listener = known(id);
        changing.lock();
        try {
            if (!running) {
                throw new IllegalStateException("the application is not running");
            }
            Subscription before = subscriptions.get(id);
            if (before == null || hasEnded(before)) {
                if (before != null) {
                    before.close(budget.ofListeners());
                }
                open(listener);
            }
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void stop(String id) {
        known(id);
        changing.lock();
        try {
            late.forget(id);
            Subscription subscription = subscriptions.remove(id);
            if (subscription != null) {
                subscription.close(budget.ofListeners());
                LOG.info("a listener is stopped: listener={}", id);
            }
        } finally {
            changing.unlock();
        }
    }

    private Listener known(String id) {
        Listener listener = listeners.get(id);
        if (listener == null) {
            throw new ConfigurationException(
                    "listener", id, "does not exist", "The ids of the listeners are " + listeners.keySet());
        }
        return listener;
    }

    private static boolean hasEnded(Subscription subscription) {
        Subscription.State state = subscription.state();
        return state == Subscription.State.FAILED || state == Subscription.State.CLOSED;
    }

    private MessagingClient client(Listener listener) {
        return clients.get(listener.settings().client(), "client of the listener " + listener.id(), BEAN);
    }

    private void open(Listener listener) {
        Subscription started = listener.start(client(listener), customizers);
        late.forget(listener.id());
        subscriptions.put(listener.id(), started);
    }

    /** A client that connects in the background may not be there yet, or may never be. */
    private void openOrWait(Listener listener) {
        CompletableFuture<Void> connected = client(listener).connected();
        if (connected.isDone() && !connected.isCompletedExceptionally()) {
            open(listener);
        } else {
            late.add(listener.id(), connected);
        }
    }

    /** Unless a start or a stop is under way: then the next look does it. */
    private void openLate() {
        if (!changing.tryLock()) {
            return;
        }
        try {
            if (running) {
                late.open(id -> Objects.requireNonNull(listeners.get(id)), this::open);
            }
        } finally {
            changing.unlock();
        }
    }

    /** On one thread for all listeners, which ends with them. */
    private void watch() {
        ScheduledExecutorService watching = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "oncemq-restart");
            // Listeners that it starts keep the process alive, as those that start with the application do.
            thread.setDaemon(late.isEmpty());
            return thread;
        });
        Restarts restarts = new Restarts(System::nanoTime);
        watching.scheduleWithFixedDelay(() -> look(restarts), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        watcher = watching;
    }

    private void look(Restarts restarts) {
        openLate();
        subscriptions.forEach((id, subscription) -> {
            try {
                if (restarts(id)) {
                    restarts.look(id, subscription, restartWaiting(id));
                }
            } catch (Throwable e) {
                // What leaves a task that repeats is its last run, for all listeners.
                LOG.warn("a listener cannot be checked: listener={}", id, e);
            }
        });
    }

    /** Whether a listener is started again after it has failed. */
    boolean restarts(String id) {
        Listener listener = listeners.get(id);
        return listener != null && listener.settings().restart();
    }

    /** How long it waits before that. */
    Restarts.Waiting restartWaiting(String id) {
        Listener listener = listeners.get(id);
        return listener == null ? Restarts.Waiting.DEFAULT : listener.settings().restartWaiting();
    }

    private void stopWatching() {
        ScheduledExecutorService watching = watcher;
        if (watching != null) {
            watching.shutdown();
            watcher = null;
        }
    }

    @Override
    public void stop() {
        running = false;
        budget.spend(this::drain);
    }

    /** A listener that is being started or stopped may hang: the others drain meanwhile. */
    private void drain() {
        long until = System.nanoTime() + budget.ofListeners().toNanos();
        closeAll(budget.ofListeners());
        boolean alone = isAlone(until);
        try {
            stopWatching();
            closeAll(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
        } finally {
            if (alone) {
                changing.unlock();
            }
        }
    }

    private boolean isAlone(long until) {
        try {
            return changing.tryLock(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return changing.tryLock();
        }
    }

    /** Beside the other beans of its phase. */
    @Override
    public void stop(Runnable callback) {
        Thread drain = new Thread(
                () -> {
                    try {
                        stop();
                    } finally {
                        callback.run();
                    }
                },
                "oncemq-drain");
        drain.start();
    }

    /** Side by side, so that the deadline holds for all of them together. */
    private void closeAll(Duration deadline) {
        Map<String, Runnable> closing = new LinkedHashMap<>();
        Set<String> closed = new HashSet<>();
        subscriptions.forEach((id, subscription) -> {
            closed.add(id);
            closing.put("oncemq-drain-" + id, () -> subscription.close(deadline));
        });
        SideBySide.run(closing);
        if (!closing.isEmpty()) {
            LOG.info("listeners have stopped: count={}", closing.size());
        }
        subscriptions.keySet().removeAll(closed);
        late.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
