package io.oncemq.testkit.spring;

import io.oncemq.testkit.server.ServerUsers;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The contexts that use shared servers. Spring keeps them open until the JVM ends, and JVM hooks run side by side: a context that lost its
 * servers first would wait for them until its deadline.
 */
final class OpenContexts {
    private static final List<WeakReference<ConfigurableApplicationContext>> CONTEXTS = new ArrayList<>();

    private static final CountDownLatch ENDED = new CountDownLatch(1);

    static {
        // After Boot's hook has closed its contexts: beside it, close() returns before a context has closed.
        SpringApplication.getShutdownHandlers().add(() -> {
            try {
                closeAll();
            } finally {
                ENDED.countDown();
            }
        });
        ServerUsers.endFirst(OpenContexts::awaitEnd);
    }

    private OpenContexts() {}

    static void add(ConfigurableApplicationContext context) {
        synchronized (CONTEXTS) {
            CONTEXTS.removeIf(reference -> reference.get() == null);
            CONTEXTS.add(new WeakReference<>(context));
        }
    }

    private static void awaitEnd() {
        try {
            ENDED.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those without a hook of Boot. The latest first, since it may have an earlier one as its parent. */
    private static void closeAll() {
        List<ConfigurableApplicationContext> open;
        synchronized (CONTEXTS) {
            open = new ArrayList<>(CONTEXTS.stream()
                    .map(WeakReference::get)
                    .filter(Objects::nonNull)
                    .toList());
        }
        Collections.reverse(open);
        open.forEach(ConfigurableApplicationContext::close);
    }
}
