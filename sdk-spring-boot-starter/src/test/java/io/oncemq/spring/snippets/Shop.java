package io.oncemq.spring.snippets;

import io.oncemq.DestinationSpec;
import io.oncemq.spring.OnceListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The application that CheckoutIT tests. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(Checkout.class)
class Shop {
    private final List<Order> charged = new CopyOnWriteArrayList<>();

    @Bean
    DestinationSpec orders() {
        return DestinationSpec.builder("orders").partitions(4).group("billing").build();
    }

    @OnceListener(destination = "orders", group = "billing")
    void charge(Order order) {
        charged.add(order);
    }

    List<Order> charged() {
        return charged;
    }
}
