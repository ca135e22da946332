package io.oncemq.core.consume;

import io.oncemq.ConfigurationException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads that run handlers: platform threads, or virtual ones where the JDK has them. */
public final class WorkerThreads {
    private WorkerThreads() {}

    static ThreadFactory named(String prefix, boolean virtual) {
        return virtual ? virtual(prefix) : platform(prefix);
    }

    private static ThreadFactory platform(String prefix) {
        AtomicInteger number = new AtomicInteger();
        // Of the thread that subscribes: the one that starts a worker may serve any subscription.
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setContextClassLoader(loader);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Called by name, since the baseline JDK does not have it.
     *
     * @throws ConfigurationException on a JDK without virtual threads
     */
    private static ThreadFactory virtual(String prefix) {
        requireVirtual();
        try {
            Class<?> builderType = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method name = builderType.getMethod("name", String.class, long.class);
            return (ThreadFactory) builderType.getMethod("factory").invoke(name.invoke(builder, prefix, 1L));
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("virtual threads cannot be made", e);
        }
    }

    /** @throws ConfigurationException on a JDK without virtual threads */
    public static void requireVirtual() {
        if (Runtime.version().feature() < 21) {
            throw new ConfigurationException(
                    "virtualThreads",
                    true,
                    "JDK " + Runtime.version().feature() + " has no virtual threads",
                    "Run on JDK 21 or newer, or leave it off");
        }
    }
}
