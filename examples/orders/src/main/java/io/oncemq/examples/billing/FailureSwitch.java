package io.oncemq.examples.billing;

import io.oncemq.examples.Order;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lets charges of a customer fail. */
@RestController
class FailureSwitch {
    /** How charges fail. */
    enum Kind {
        /** For now: the next attempt may succeed. */
        BUSY,
        /** For good. */
        REFUSED
    }

    private final Map<String, Kind> failing = new ConcurrentHashMap<>();

    @PutMapping("/failures/{customer}/{kind}")
    void on(@PathVariable String customer, @PathVariable Kind kind) {
        failing.put(customer, kind);
    }

    @DeleteMapping("/failures/{customer}")
    void off(@PathVariable String customer) {
        failing.remove(customer);
    }

    void check(Order order) throws CardRefusedException {
        Kind kind = failing.get(order.customer());
        if (kind == Kind.BUSY) {
            throw new IllegalStateException("the bank is busy");
        }
        if (kind == Kind.REFUSED) {
            throw new CardRefusedException();
        }
    }
}
