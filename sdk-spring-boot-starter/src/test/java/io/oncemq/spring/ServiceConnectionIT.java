package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.spring.toy.ToyBroker;
import io.oncemq.testkit.server.LeakCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** A container with {@code @ServiceConnection}, and no property that names the store. The broker is in memory. */
@Tag("needs-engine")
@ExtendWith(LeakCheck.class)
class ServiceConnectionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PORT = 6379;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Shop {
        final List<String> handled = new CopyOnWriteArrayList<>();

        /** Waits for the log: an image that is made of a few packages has no shell that could try the port. */
        @Bean
        @ServiceConnection(name = "redis")
        GenericContainer<?> redis() {
            return new GenericContainer<>(image())
                    .withCommand("redis-server", "--bind", "0.0.0.0", "--protected-mode", "no")
                    .withExposedPorts(PORT)
                    .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1)
                            .withStartupTimeout(PATIENCE));
        }

        /** The one that the fixtures of sdk-testkit use as well. */
        private static String image() {
            String variable = System.getenv().getOrDefault("ONCEMQ_IMAGE_REDIS", "redis:8");
            return System.getProperty("oncemq.image.redis", variable);
        }

        @OnceListener(id = "billing", destination = "orders", group = "billing")
        void charge(String body) {
            handled.add(body);
        }
    }

    @Test
    void theStoreIsTheContainer() throws Exception {
        ToyBroker broker = ToyBroker.named("containers");
        broker.create("orders");
        broker.create("orders.billing.dlq");
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class)
                .web(WebApplicationType.NONE)
                .properties("oncemq.transport=toy://containers", "oncemq.profile=DEV", "spring.main.banner-mode=off")
                .run()) {
            Publisher<String> orders = context.getBean(MessagingClient.class).publisher("orders", Codecs.string());
            for (String id : List.of("1", "1", "2")) {
                orders.publish(OutboundMessage.of("body of " + id).id(id).key("k"))
                        .join();
            }
            Shop shop = context.getBean(Shop.class);
            await().atMost(PATIENCE).until(() -> broker.position("orders", "billing") == 3);
            assertThat(shop.handled).containsExactly("body of 1", "body of 2");
            String keys = context.getBean(GenericContainer.class)
                    .execInContainer("redis-cli", "dbsize")
                    .getStdout();
            assertThat(Integer.parseInt(keys.strip()))
                    .as("what the container remembers")
                    .isPositive();
        }
    }
}
