package io.oncemq.spring;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether a broker or a store answers. One question is under way at a time, however many ask: a server that hangs holds one thread and
 * not one for each probe of the platform.
 */
final class ServerHealth extends AbstractHealthIndicator {
    private final String system;
    private final Runnable question;
    private final Duration timeout;
    private final AtomicReference<@Nullable FutureTask<Void>> asking = new AtomicReference<>();

    ServerHealth(String system, Runnable question, Duration timeout) {
        super("OnceMQ asked " + system + " in vain");
        this.system = system;
        this.question = question;
        this.timeout = timeout;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws Exception {
        builder.withDetail("system", system);
        try {
            ask().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            builder.up();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            builder.down(cause == null ? e : cause);
        } catch (TimeoutException e) {
            builder.down().withDetail("error", "no answer within " + timeout);
        }
    }

    private FutureTask<Void> ask() {
        FutureTask<Void> mine = new FutureTask<>(question, null);
        FutureTask<Void> current = asking.updateAndGet(before -> before == null || before.isDone() ? mine : before);
        if (current == mine) {
            Thread thread = new Thread(mine, "oncemq-health");
            thread.setDaemon(true);
            thread.start();
        }
        return current;
    }
}
