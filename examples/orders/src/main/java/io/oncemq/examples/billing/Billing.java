package io.oncemq.examples.billing;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.examples.Order;
import io.oncemq.examples.Voice;
import io.oncemq.spring.OnceListener;
import org.springframework.stereotype.Component;

/** Charges each order once, and one customer's orders in their order. */
@Component
class Billing {
    private final Voice voice = new Voice("billing");
    private final Ledger ledger;
    private final FailureSwitch failures;

    Billing(Ledger ledger, FailureSwitch failures) {
        this.ledger = ledger;
        this.failures = failures;
    }

    @OnceListener(id = "billing", destination = "orders", group = "billing", deadLetterOn = CardRefusedException.class)
    void charge(Order order, Delivery<Order> delivery) throws CardRefusedException {
        failures.check(order);
        voice.say("charged " + order.id() + " of " + order.customer()
                + (delivery.attempt() == 1 ? "" : ", at attempt " + delivery.attempt()));
        ledger.charge(order);
    }

    /** Somebody has to look at what could not be charged. */
    @OnceListener(id = "desk", destination = "orders.billing.dlq", group = "billing", onExhausted = "BLOCK")
    void lookAt(Order order, Headers headers) {
        voice.say("dead letter: " + order.id() + " of " + order.customer() + ", because "
                + headers.text("oncemq-dead-letter-message"));
        ledger.bury(order);
    }
}
