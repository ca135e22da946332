package io.oncemq.torture;

import io.oncemq.Codecs;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingClient;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.spi.Providers;
import io.oncemq.torture.history.HistoryFile;
import io.oncemq.torture.history.Recorder;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One consumer process. SIGTERM closes it in order; it ends with status 1 if its subscription stops by itself. */
final class ConsumerMain {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerMain.class);

    private static final long SIGN_OF_LIFE_NANOS = 250_000_000;
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(20);

    private ConsumerMain() {}

    public static void main(String[] args) throws InterruptedException {
        ConsumerSpec spec = ConsumerSpec.parse(args);
        Recorder recorder = new Recorder(HistoryFile.open(spec.history(), spec.name()));
        Orders orders = new Orders(spec.orders(), hook -> recorder.killingItself(hook.name()));
        Witness witness = new Witness(recorder, orders);
        background("alive", () -> showLife(recorder, witness));
        background("orders", orders);
        MessagingClient client = connectPatiently(spec, witness);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> client.close(CLOSE_DEADLINE), "close"));
        Subscription workers = subscribePatiently(spec, recorder, orders, client);
        workers.awaitTermination();
        if (workers.state() == Subscription.State.FAILED) {
            workers.failure().ifPresent(cause -> LOG.error("the subscription stopped", cause));
            Runtime.getRuntime().exit(1);
        }
    }

    private static void showLife(Recorder recorder, Witness witness) {
        while (true) {
            recorder.alive(witness.unsettled());
            LockSupport.parkNanos(SIGN_OF_LIFE_NANOS);
        }
    }

    private static void background(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Tries again while broker or store are away, as whoever supervises processes would by starting it again. */
    private static MessagingClient connectPatiently(ConsumerSpec spec, Witness witness) {
        while (true) {
            try {
                return MessagingClient.builder()
                        .profile(Terms.PROFILE)
                        .clientId(spec.name())
                        .clusterName(Terms.CLUSTER)
                        .transport(witness.over(spec.broker().transport(spec.address())))
                        .idempotency(witness.over(Providers.store(spec.store())))
                        .build();
            } catch (ConnectionException e) {
                LOG.warn("not connected yet: {}", e.getMessage());
                LockSupport.parkNanos(RECONNECT_PAUSE.toNanos());
            }
        }
    }

    private static Subscription subscribePatiently(
            ConsumerSpec spec, Recorder recorder, Orders orders, MessagingClient client) {
        while (true) {
            try {
                return client.subscription(Terms.DESTINATION, Codecs.string())
                        .group(Terms.GROUP)
                        .concurrency(Terms.CONCURRENCY)
                        .maxInFlight(Terms.MAX_IN_FLIGHT)
                        .lease(Terms.LEASE)
                        .handlerTimeout(Terms.HANDLER_TIMEOUT)
                        .drainTimeout(Terms.DRAIN)
                        .retry(RetryPolicy.builder()
                                .exponential(Duration.ofMillis(50), Duration.ofSeconds(2))
                                .maxAttempts(Terms.MAX_ATTEMPTS)
                                .deadLetterOn(PoisonException.class)
                                .build())
                        .handler(new TortureHandler(spec.seed(), recorder, orders))
                        .start();
            } catch (ConnectionException e) {
                LOG.warn("not subscribed yet: {}", e.getMessage());
                LockSupport.parkNanos(RECONNECT_PAUSE.toNanos());
            }
        }
    }
}
