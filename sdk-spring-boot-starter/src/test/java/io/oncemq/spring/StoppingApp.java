package io.oncemq.spring;

import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;

/** An application in a JVM of its own, whose handler never ends. It writes the file {@code ready} when the handler runs. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StoppingApp {
    /** Arguments: Kafka's address, the store's, the deadline, the folder. */
    public static void main(String[] args) {
        new SpringApplicationBuilder(StoppingApp.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "oncemq.transport",
                        "kafka://" + args[0],
                        "oncemq.idempotency",
                        args[1],
                        "oncemq.profile",
                        "DEV",
                        "oncemq.shutdown-deadline",
                        args[2],
                        "oncemq.destinations.orders.groups",
                        "billing",
                        "it.folder",
                        args[3]))
                .run()
                .getBean(Sending.class)
                .send();
    }

    record Sending(Publisher<String> orders) {
        void send() {
            orders.publish(OutboundMessage.of("an order")).join();
        }
    }

    @Bean
    Sending sending(@OncePublisher("orders") Publisher<String> orders) {
        return new Sending(orders);
    }

    @Bean
    Endless endless() {
        return new Endless();
    }

    static class Endless {
        @Value("${it.folder}")
        private String folder = "";

        @OnceListener(destination = "orders", group = "billing")
        void on(String body) throws IOException {
            Files.createFile(Path.of(folder, "ready"));
            while (!body.isEmpty()) {
                LockSupport.park();
                Thread.interrupted();
            }
        }
    }
}
