package io.oncemq.testkit.spring;

import io.oncemq.testkit.server.Server;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The servers of this JVM, one of each kind, started on the first use. They end with the JVM, as all servers of the testkit do. */
final class SharedServers {
    private static final Map<Class<?>, Server> STARTED = new HashMap<>();

    private SharedServers() {}

    /** Blocks while it starts. One that does not start is tried again by the next caller. */
    static synchronized <S extends Server> S of(Class<S> type, Supplier<? extends Server> start) {
        Server known = STARTED.get(type);
        if (known == null) {
            known = start.get();
            STARTED.put(type, known);
        }
        return type.cast(known);
    }
}
