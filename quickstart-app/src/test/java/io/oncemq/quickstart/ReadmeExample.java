package io.oncemq.quickstart;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.jackson.Json;

/** The README's example: the imports, and the code between the markers; {@link ReadmeTest} compares them with the pages. */
final class ReadmeExample {
    record Order(String customer, long cents) {}

    interface Billing {
        void charge(Order order);
    }

    private ReadmeExample() {}

    static void run(String eventId, Order order, Billing billing) throws Exception {
        // readme
        try (MessagingClient mq = MessagingClient.builder()
                .profile(Profile.DEV) // leave it out in production
                .transport("kafka://localhost:9092")
                .idempotency("redis://localhost:6379")
                .build()) {
            mq.ensure(DestinationSpec.builder("orders").group("billing").build());
            Publisher<Order> orders = mq.publisher("orders", Json.of(Order.class));
            orders.publishAndAwait(OutboundMessage.of(order).id(eventId).key(order.customer()));
            Subscription subscription = mq.subscription("orders", Json.of(Order.class))
                    .group("billing")
                    .retry(RetryPolicy.builder().maxAttempts(10).build())
                    .handler(delivery -> billing.charge(delivery.body()))
                    .start();
            subscription.awaitTermination();
        }
        // readme
    }
}
