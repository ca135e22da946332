package io.oncemq.spring.snippets;

import io.oncemq.Delivery;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.spring.OnceListener;
import jakarta.validation.Valid;

class Billing {
    private final Ledger ledger;
    private final Publisher<Mail> receipts;

    Billing(Ledger ledger, Publisher<Mail> receipts) {
        this.ledger = ledger;
        this.receipts = receipts;
    }

    @OnceListener(
            destination = "orders",
            group = "billing",
            maxAttempts = "10",
            deadLetterOn = InvalidOrderException.class)
    void charge(@Valid Order order, Delivery<Order> delivery) throws InvalidOrderException {
        ledger.charge(order);
        delivery.publishOnSuccess(receipts, OutboundMessage.of(new Mail(order.customer())));
    }
}
