package io.oncemq.testkit.server;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must end before the servers when this JVM ends, such as applications that are still connected. JVM hooks run side by side and in no
 * order; the hooks of the servers wait for these ends. Thread-safe.
 */
public final class ServerUsers {
    private static final Logger LOG = LoggerFactory.getLogger(ServerUsers.class);
    private static final List<Runnable> ENDS = new ArrayList<>();

    private ServerUsers() {}

    /** Runs {@code end} at the end of this JVM; its servers live until it returns. It is not run if the JVM is killed. */
    public static void endFirst(Runnable end) {
        synchronized (ENDS) {
            ENDS.add(end);
        }
    }

    /** Runs all ends, each once; returns when they have returned, also if another thread runs them. */
    static void endAll() {
        synchronized (ENDS) {
            for (Runnable end : ENDS) {
                try {
                    end.run();
                } catch (RuntimeException | LinkageError e) {
                    LOG.warn("A user of the servers failed to end", e);
                }
            }
            ENDS.clear();
        }
    }
}
