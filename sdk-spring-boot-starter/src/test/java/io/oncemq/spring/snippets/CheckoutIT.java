package io.oncemq.spring.snippets;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.testkit.spring.OnceMqTest;
import io.oncemq.testkit.spring.TestBroker;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
@OnceMqTest(broker = TestBroker.KAFKA)
class CheckoutIT {
    private final String customer = UUID.randomUUID().toString();

    @Autowired
    private Checkout checkout;

    @Autowired
    private Shop shop;

    @Test
    void anOrderThatIsSentTwiceIsChargedOnce() {
        Order first = new Order(UUID.randomUUID().toString(), customer, 1_200);
        Order second = new Order(UUID.randomUUID().toString(), customer, 300);

        checkout.place(first).join();
        checkout.place(first).join(); // the same id
        checkout.place(second).join(); // the same key, so it is charged last

        await().atMost(30, SECONDS).until(() -> shop.charged().contains(second));
        assertThat(shop.charged())
                .filteredOn(order -> order.customer().equals(customer))
                .containsExactly(first, second);
    }
}
