package io.oncemq.spring.snippets;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.jackson.Json;
import java.util.concurrent.CompletableFuture;

final class PlainJava {
    private PlainJava() {}

    static MessagingClient client() {
        MessagingClient mq = MessagingClient.builder()
                .profile(Profile.DEV) // single servers; leave it out in production
                .transport("kafka://localhost:9092") // or amqp://localhost:5672, rocketmq://localhost:9876
                .idempotency("redis://localhost:6379")
                .build();
        mq.ensure(DestinationSpec.builder("orders")
                .partitions(12)
                .group("billing")
                .build());
        return mq;
    }

    static CompletableFuture<Receipt> publish(MessagingClient mq, Order order) {
        Publisher<Order> orders = mq.publisher("orders", Json.of(Order.class));
        CompletableFuture<Receipt> confirmed = orders.publish(
                OutboundMessage.of(order).id("placed-" + order.id()).key(order.customer()));
        return confirmed;
    }

    static Subscription subscribe(MessagingClient mq, Ledger ledger, Publisher<Mail> receipts) {
        Subscription billing = mq.subscription("orders", Json.of(Order.class))
                .group("billing")
                .retry(RetryPolicy.builder()
                        .maxAttempts(10)
                        .deadLetterOn(InvalidOrderException.class)
                        .build())
                .handler(delivery -> {
                    ledger.charge(delivery.body());
                    delivery.publishOnSuccess(
                            receipts,
                            OutboundMessage.of(new Mail(delivery.body().customer())));
                })
                .start();
        return billing;
    }

    static void closeAtTheEnd(MessagingClient mq) {
        Runtime.getRuntime().addShutdownHook(new Thread(mq::close));
    }
}
