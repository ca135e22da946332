package io.oncemq.spring;

import io.oncemq.MessagingException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether a broker or a store answers. One question is under way at a time, however many ask: a server that hangs holds one thread and
 * not one for each probe of the platform.
 */
final class ServerHealth extends AbstractHealthIndicator {
    private final Supplier<String> system;
    private final Supplier<Boolean> connected;
    private final StartupHealth startup;
    private final Runnable question;
    private final Duration timeout;
    private final AtomicReference<@Nullable FutureTask<Void>> asking = new AtomicReference<>();

    /**
     * @param system what is asked; called only once connected
     * @param connected whether the client's start is over
     * @param startup what it is until then
     */
    ServerHealth(
            Supplier<String> system,
            Supplier<Boolean> connected,
            StartupHealth startup,
            Runnable question,
            Duration timeout) {
        super("OnceMQ asked a server in vain");
        this.system = system;
        this.connected = connected;
        this.startup = startup;
        this.question = question;
        this.timeout = timeout;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws Exception {
        if (!connected.get()) {
            starting(builder);
            return;
        }
        try {
            builder.withDetail("system", system.get());
            ask().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            builder.up();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            builder.down(cause == null ? e : cause);
        } catch (TimeoutException e) {
            builder.down().withDetail("error", "no answer within " + timeout);
        }
    }

    /** The question does not go to the server: it tells why there is no connection yet. */
    private void starting(Health.Builder builder) {
        builder.status(startup == StartupHealth.DOWN ? Status.DOWN : Status.OUT_OF_SERVICE);
        try {
            question.run();
        } catch (MessagingException e) {
            builder.withDetail("error", String.valueOf(e.getMessage()));
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
