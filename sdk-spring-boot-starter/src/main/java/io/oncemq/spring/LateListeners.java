package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.MessagingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listeners whose client is not connected yet. Thread-safe. */
final class LateListeners {
    private static final Logger LOG = LoggerFactory.getLogger(LateListeners.class);

    private final Map<String, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();

    /** @param connected of its client */
    void add(String id, CompletableFuture<Void> connected) {
        waiting.put(id, connected);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** It is started in another way. */
    void forget(String id) {
        waiting.remove(id);
        failures.remove(id);
    }

    void clear() {
        waiting.clear();
        failures.clear();
    }

    /** Why it could not be started. */
    Optional<Throwable> failure(String id) {
        return Optional.ofNullable(failures.get(id));
    }

    /**
     * Opens each whose client is connected. One that fails for a reason that may pass waits for the next call; one whose client or configuration is
     * refused has failed, and the application continues without it.
     */
    void open(Function<String, Listener> listeners, Consumer<Listener> opener) {
        for (String id : List.copyOf(waiting.keySet())) {
            CompletableFuture<Void> connected = waiting.get(id);
            if (connected == null || !connected.isDone()) {
                continue;
            }
            try {
                connected.join();
                opener.accept(listeners.apply(id));
                LOG.info("a listener has started in the background: listener={}", id);
            } catch (Throwable e) {
                Throwable cause = e.getCause() != null && connected.isCompletedExceptionally() ? e.getCause() : e;
                if (mayPass(cause) && !connected.isCompletedExceptionally()) {
                    LOG.warn("a listener cannot start yet: listener={} cause={}", id, cause.toString());
                    continue;
                }
                waiting.remove(id);
                failures.put(id, cause);
                LOG.error(
                        "a listener has failed to start, and the application continues without it: listener={}",
                        id,
                        cause);
            }
        }
    }

    private static boolean mayPass(Throwable failure) {
        return failure instanceof Error
                || failure instanceof MessagingException && !(failure instanceof ConfigurationException);
    }
}
