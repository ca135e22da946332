package io.oncemq.bench;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.Ordering;
import io.oncemq.Subscription;
import java.util.concurrent.atomic.LongAdder;

/** OnceMQ's subscription with order per key and its default bounds. */
final class OnceConsume {
    private final OnceClients clients;

    OnceConsume(OnceClients clients) {
        this.clients = clients;
    }

    /**
     * @param store whether ids are claimed and remembered in Redis
     * @param workNanos for how long a handler parks; 0 for a handler that does nothing
     * @param virtualThreads whether handlers run on virtual threads
     */
    record Setup(boolean store, int concurrency, long workNanos, boolean virtualThreads) {}

    /**
     * Reads a destination of that many messages; messages per second from the first message that the adapter received to the moment in which
     * all are handled, remembered as done, and nothing is in flight any more.
     *
     * @throws IllegalStateException if a message was handled twice, or not at all
     */
    double run(String topic, String group, int messages, Setup setup) {
        Handled handled = new Handled(setup.workNanos());
        FirstArrival first = new FirstArrival();
        try (MessagingClient client = clients.forConsuming(setup.store(), setup.virtualThreads(), first)) {
            client.ensure(DestinationSpec.builder(topic)
                    .partitions(Bed.SHARDS)
                    .group(group)
                    .build());
            try (Subscription subscription = client.subscription(topic, Codecs.bytes())
                    .group(group)
                    .concurrency(setup.concurrency())
                    .ordering(Ordering.PER_KEY)
                    .handler(delivery -> handled.one())
                    .start()) {
                Waiting.until("the last message", () -> done(handled, subscription, messages));
                double rate = Rate.of(messages, System.nanoTime() - first.nanos());
                subscription.close();
                handled.expect(messages);
                return rate;
            }
        }
    }

    private static boolean done(Handled handled, Subscription subscription, int messages) {
        if (subscription.state() == Subscription.State.FAILED) {
            throw new IllegalStateException("stopped", subscription.failure().orElse(null));
        }
        return handled.count.sum() >= messages && subscription.inFlight() == 0;
    }

    /** Counts without a line that the handlers' threads would fight for. */
    private static final class Handled {
        private final LongAdder count = new LongAdder();
        private final long workNanos;

        Handled(long workNanos) {
            this.workNanos = workNanos;
        }

        void one() {
            if (workNanos > 0) {
                Waiting.park(workNanos);
            }
            count.increment();
        }

        void expect(int messages) {
            if (count.sum() != messages) {
                throw new IllegalStateException(count.sum() + " handled instead of " + messages);
            }
        }
    }
}
