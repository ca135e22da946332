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
        void charge(Order order) throws InvalidOrderException;
    }

    private ReadmeExample() {}

    static void run(String eventId, Order order, Billing billing) throws Exception {
        // readme
        try (MessagingClient mq = MessagingClient.builder()
                .profile(Profile.DEV) // leave it out in production
                .transport("kafka://localhost:9092")
                .idempotency("redis://localhost:6379")
                .build()) {
            mq.ensure(DestinationSpec.of("orders").partitions(4).group("billing"));
            Publisher<Order> orders = mq.publisher("orders", Json.of(Order.class));
            orders.publish(OutboundMessage.of(order).id(eventId).key(order.customer()))
                    .join();

            Subscription subscription = mq.subscribe("orders", Json.of(Order.class))
                    .group("billing")
                    .retry(RetryPolicy.defaults().maxAttempts(10).deadLetterOn(InvalidOrderException.class))
                    .handle(delivery -> billing.charge(delivery.body()));
            subscription.awaitTermination();
        }
        // readme
    }

    static final class InvalidOrderException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
