package io.oncemq.spring.snippets;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.jackson.Json;
import io.oncemq.testkit.server.Servers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlainJavaIT {
    private static Servers servers;

    @BeforeAll
    static void start() {
        servers = Servers.kafkaAndRedis();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Test
    void anOrderThatIsSentTwiceIsChargedOnce() {
        List<Order> charged = new CopyOnWriteArrayList<>();
        Order first = new Order("7", "ann", 1_200);
        Order second = new Order("8", "ann", 300);
        try (MessagingClient mq = MessagingClient.builder()
                .profile(Profile.DEV) // single servers
                .transport("kafka://" + servers.kafka().bootstrap())
                .idempotency(servers.redis().uri())
                .build()) {
            mq.ensure(DestinationSpec.builder("orders")
                    .partitions(4)
                    .group("billing")
                    .build());
            mq.subscription("orders", Json.of(Order.class))
                    .group("billing")
                    .handler(delivery -> charged.add(delivery.body()))
                    .start();
            Publisher<Order> orders = mq.publisher("orders", Json.of(Order.class));

            for (Order order : List.of(first, first, second)) {
                orders.publish(OutboundMessage.of(order)
                                .id("placed-" + order.id())
                                .key(order.customer()))
                        .join();
            }

            await().atMost(30, SECONDS).until(() -> charged.contains(second));
            assertThat(charged).containsExactly(first, second);
        }
    }
}
