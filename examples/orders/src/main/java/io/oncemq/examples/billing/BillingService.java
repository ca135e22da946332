package io.oncemq.examples.billing;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Charges orders. Run it with {@code --spring.profiles.active=kafka}, rabbit or rocketmq; as many of it as you like. */
@SpringBootApplication
public class BillingService {
    public static void main(String[] args) {
        application().run(args);
    }

    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(BillingService.class).properties("spring.config.name=application,billing");
    }
}
