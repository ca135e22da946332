package io.oncemq.quickstart;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEvent;
import io.oncemq.Subscription;
import io.oncemq.jackson.Json;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One consumer process. SIGTERM closes it in order; it ends with status 1 if its subscription stops by itself. */
final class ConsumerMain {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerMain.class);

    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);

    private ConsumerMain() {}

    public static void main(String[] args) throws Exception {
        ConsumerSpec spec = ConsumerSpec.parse(args);
        Journal journal = new Journal(spec.journal());
        MessagingClient client = patiently(() -> connect(spec, journal));
        Runtime.getRuntime().addShutdownHook(new Thread(client::close, "close"));
        ChargeHandler handler = new ChargeHandler(spec, journal);
        Subscription billing = patiently(() -> subscribe(client, handler));
        journal.tell(Journal.Kind.SUBSCRIBED, spec.name());
        billing.awaitTermination();
        if (billing.state() == Subscription.State.FAILED) {
            billing.failure().ifPresent(cause -> LOG.error("the subscription stopped", cause));
            Runtime.getRuntime().exit(1);
        }
    }

    /** Tries again while the broker is away, as whoever supervises processes would by starting it again. */
    private static <T> T patiently(Supplier<T> step) {
        while (true) {
            try {
                return step.get();
            } catch (ConnectionException e) {
                LOG.warn("not connected yet: {}", e.getMessage());
                LockSupport.parkNanos(RECONNECT_PAUSE.toNanos());
            }
        }
    }

    private static MessagingClient connect(ConsumerSpec spec, Journal journal) {
        MessagingClientBuilder builder = MessagingClient.builder()
                .profile(Places.PROFILE)
                .transport(spec.broker().consumerTransport(spec.address()))
                .clientId(spec.name())
                .clusterName(Places.CLUSTER)
                .eventListener(event -> tell(journal, event));
        return spec.variant() == ConsumerVariant.WITHOUT_STORE
                ? builder.withoutIdempotency().build()
                : builder.idempotency(spec.store()).build();
    }

    private static Subscription subscribe(MessagingClient client, ChargeHandler handler) {
        return client.subscription(Places.DESTINATION, Json.of(Order.class))
                .group(Places.GROUP)
                .concurrency(Places.CONCURRENCY)
                .lease(Places.LEASE)
                .handler(handler)
                .start();
    }

    private static void tell(Journal journal, MessagingEvent event) {
        if (event instanceof MessagingEvent.DeliveryCompleted done) {
            journal.tell(Journal.Kind.DONE, done.id());
        } else if (event instanceof MessagingEvent.DuplicateSuppressed duplicate) {
            journal.tell(Journal.Kind.SUPPRESSED, duplicate.id());
        } else if (event instanceof MessagingEvent.DeadLettered dead) {
            journal.tell(Journal.Kind.DEAD_LETTERED, dead.id());
        } else if (event instanceof MessagingEvent.PartitionsAssigned assigned
                && !assigned.partitions().isEmpty()) {
            journal.tell(Journal.Kind.ASSIGNED, String.join(" ", assigned.partitions()));
        } else {
            journal.tell(Journal.Kind.OTHER, event.toString());
        }
    }
}
