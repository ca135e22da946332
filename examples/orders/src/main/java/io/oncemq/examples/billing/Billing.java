package io.oncemq.examples.billing;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.examples.Order;
import io.oncemq.examples.Voice;
import io.oncemq.spring.OnceListener;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Charges each order once, and one customer's orders in their order. */
@Component
class Billing {
    private final Voice voice = new Voice("billing");
    private final Ledger ledger;
    private final FailureSwitch failures;

    private final JsonMapper json;

    Billing(Ledger ledger, FailureSwitch failures, JsonMapper json) {
        this.json = json;
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

    /** Dead letters are read as bytes: a body that is not an order may be the reason, and BLOCK would hold all later letters behind it. */
    @OnceListener(id = "desk", destination = "orders.billing.dlq", group = "billing", onExhausted = "BLOCK")
    void lookAt(byte[] letter, Headers headers) {
        String reason = headers.text("oncemq-dead-letter-message");
        try {
            Order order = json.readValue(letter, Order.class);
            voice.say("dead letter: " + order.id() + " of " + order.customer() + ", because " + reason);
            ledger.bury(order.id());
        } catch (JacksonException e) {
            String id = String.valueOf(headers.text("oncemq-dead-letter-id"));
            voice.say("dead letter: message " + id + " is not an order, because " + reason);
            ledger.bury(id);
        }
    }
}
