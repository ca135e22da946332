package io.oncemq.examples.billing;

import io.oncemq.examples.Order;
import io.oncemq.examples.Report;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What happened, as far as the world outside is concerned. It does not look for duplicates. */
@RestController
class Ledger {
    private final List<String> charges = new CopyOnWriteArrayList<>();
    private final List<String> deadLetters = new CopyOnWriteArrayList<>();
    private final List<String> suppressed = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    void charge(Order order) {
        charges.add(order.id());
    }

    void bury(String id) {
        deadLetters.add(id);
    }

    void suppressed(String message) {
        suppressed.add(message);
    }

    void failed(String message) {
        failures.add(message);
    }

    @GetMapping("/ledger")
    Report show() {
        return new Report(charges, deadLetters, suppressed, failures);
    }
}
