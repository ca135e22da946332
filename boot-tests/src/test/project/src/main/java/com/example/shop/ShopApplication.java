package com.example.shop;

import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.spring.OncePublisher;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Publishes two orders of a customer, the first of them twice, and ends when the second is charged. */
@SpringBootApplication
public class ShopApplication {
    public static void main(String[] args) {
        System.exit(SpringApplication.exit(SpringApplication.run(ShopApplication.class, args)));
    }

    @Bean
    ApplicationRunner orders(@OncePublisher("orders") Publisher<Order> orders, Billing billing) {
        return arguments -> {
            for (int number : new int[] {1, 1, 2}) {
                orders.publish(OutboundMessage.of(new Order(number, "alice"))
                                .id("placed-" + number)
                                .key("alice"))
                        .join();
            }
            billing.lastCharged.await();
        };
    }
}
