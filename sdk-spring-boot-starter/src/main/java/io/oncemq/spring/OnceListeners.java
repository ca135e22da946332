package io.oncemq.spring;

import io.oncemq.Subscription;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.SmartLifecycle;

/** The {@link OnceListener} methods of the application, by their ids. Thread-safe. */
public interface OnceListeners {
    /**
     * The phase in which listeners start and drain. It lies above those of Boot's web server, so they start when the server takes
     * requests, and are drained before its graceful shutdown begins.
     */
    int PHASE = SmartLifecycle.DEFAULT_PHASE - 512;

    /** In the order in which they were found. */
    Set<String> ids();

    /** What runs for a listener; empty before its start and after its stop. One that failed stays until it is started again. */
    Optional<Subscription> subscription(String id);

    /**
     * Why a listener could not be started, whose client connects in the background ({@code oncemq.startup=background}): the client has
     * failed, or the listener is refused. Empty for one that waits, runs or was stopped.
     */
    default Optional<Throwable> failure(String id) {
        return Optional.empty();
    }

    /**
     * Starts a listener that does not start with the application, or that has failed or was closed; does nothing for one that runs. Blocks.
     *
     * @throws io.oncemq.ConfigurationException if there is no such listener, or it cannot start as it is configured
     * @throws IllegalStateException if the application is stopping, or has not started
     */
    void start(String id);

    /**
     * Stops a listener in this process: running handlers end, by the deadline of the shutdown, and nothing more is received. It stays
     * stopped until {@link #start(String)}. Does nothing for one that does not run. Blocks.
     *
     * @throws io.oncemq.ConfigurationException if there is no such listener
     */
    void stop(String id);
}
