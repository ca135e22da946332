package io.oncemq.examples.orders;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Takes orders over HTTP and publishes them. Run it with {@code --spring.profiles.active=kafka}, rabbit or rocketmq. */
@SpringBootApplication
public class OrdersService {
    public static void main(String[] args) {
        application().run(args);
    }

    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(OrdersService.class).properties("spring.config.name=application,orders");
    }
}
