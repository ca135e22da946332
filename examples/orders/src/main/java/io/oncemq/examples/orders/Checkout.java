package io.oncemq.examples.orders;

import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.examples.Order;
import io.oncemq.examples.Voice;
import io.oncemq.spring.OncePublisher;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Answers when the broker has confirmed the order. */
@RestController
class Checkout {
    private final Voice voice = new Voice("orders");
    private final Publisher<Order> orders;

    Checkout(@OncePublisher("orders") Publisher<Order> orders) {
        this.orders = orders;
    }

    /** A client that hears no answer sends the order again, with its id: billing will charge it once. */
    @PostMapping("/orders")
    CompletableFuture<Map<String, String>> place(@RequestBody Order order) {
        OutboundMessage<Order> placed =
                OutboundMessage.of(order).id("placed-" + order.id()).key(order.customer());
        return orders.publish(placed).thenApply(receipt -> {
            voice.say(order.id() + " of " + order.customer() + " is published");
            return Map.of("id", order.id(), "confirmed", "yes");
        });
    }
}
