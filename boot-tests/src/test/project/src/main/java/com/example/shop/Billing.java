package com.example.shop;

import io.oncemq.spring.OnceListener;
import java.util.concurrent.CountDownLatch;
import org.springframework.stereotype.Component;

@Component
class Billing {
    final CountDownLatch lastCharged = new CountDownLatch(1);

    @OnceListener(destination = "orders", group = "billing")
    void charge(Order order) {
        System.out.println("charged " + order.number() + " to " + order.customer());
        if (order.number() == 2) {
            lastCharged.countDown();
        }
    }
}
