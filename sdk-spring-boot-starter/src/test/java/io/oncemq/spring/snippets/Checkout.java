package io.oncemq.spring.snippets;

import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.spring.OncePublisher;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Service;

@Service
class Checkout {
    private final Publisher<Order> orders;

    Checkout(@OncePublisher("orders") Publisher<Order> orders) {
        this.orders = orders;
    }

    CompletableFuture<Receipt> place(Order order) {
        return orders.publish(
                OutboundMessage.of(order).id("placed-" + order.id()).key(order.customer()));
    }
}
