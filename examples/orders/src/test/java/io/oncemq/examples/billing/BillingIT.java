package io.oncemq.examples.billing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.examples.Order;
import io.oncemq.jackson.Json;
import io.oncemq.testkit.spring.OnceMqTest;
import io.oncemq.testkit.spring.TestBroker;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** Billing on a real Kafka and a real Redis, which end with the JVM. */
@SpringBootTest(properties = "spring.config.name=application,billing")
@OnceMqTest(broker = TestBroker.KAFKA)
class BillingIT {
    @Autowired
    private MessagingClient mq;

    @Autowired
    private Ledger ledger;

    @Test
    void chargesAnOrderThatArrivesTwiceOnce() {
        Publisher<Order> orders = mq.publisher("orders", Json.of(Order.class));
        Order first = new Order("T1", "tim", 500);
        Order last = new Order("T2", "tim", 700);
        for (Order order : new Order[] {first, first, last}) {
            orders.publish(OutboundMessage.of(order).id("placed-" + order.id()).key(order.customer()))
                    .join();
        }
        await().atMost(60, SECONDS).until(() -> ledger.show().charges().contains("T2"));
        assertThat(ledger.show().charges()).containsExactly("T1", "T2");
    }
}
