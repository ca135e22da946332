package io.oncemq.examples.demo;

import io.oncemq.examples.billing.BillingService;
import io.oncemq.examples.orders.OrdersService;
import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RocketServer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A broker, a Redis and the two services, which know each other by the broker only. */
final class Stage implements AutoCloseable {
    private final String broker;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private String orders = "";
    private String billing = "";

    private Stage(String broker) {
        this.broker = broker;
    }

    static Stage open(String broker) {
        Stage stage = new Stage(broker);
        try {
            stage.start();
            return stage;
        } catch (RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    private void start() {
        System.out.println("Starting " + broker + ", Redis and the services orders and billing …");
        RedisServer redis = opened(RedisServer.started());
        String[] settings = {
            "--spring.profiles.active=" + broker,
            "--oncemq.transport=" + transport(),
            "--oncemq.idempotency=" + redis.uri(),
            "--logging.level.io.oncemq.core.Preflight=error", // single servers, as one sees
            "--logging.level.io.oncemq.event=error", // which the story tells in its own words
            "--server.port=0"
        };
        orders = service(OrdersService.application(), settings);
        billing = service(BillingService.application(), settings);
    }

    private String transport() {
        return switch (broker) {
            case "rabbit" ->
                "amqp://127.0.0.1:" + opened(RabbitServer.started()).port();
            case "rocketmq" -> "rocketmq://" + opened(RocketServer.started()).nameServer();
            case "artemis" ->
                "artemis://127.0.0.1:" + opened(ArtemisServer.started()).port();
            case "activemq" ->
                "activemq://127.0.0.1:" + opened(ActiveMqServer.started()).port();
            default -> "kafka://" + opened(KafkaServer.started()).bootstrap();
        };
    }

    private String service(SpringApplicationBuilder application, String... settings) {
        ConfigurableApplicationContext context = opened(application.run(settings));
        return "http://127.0.0.1:"
                + Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    String broker() {
        return broker;
    }

    /** The address of the service that takes orders. */
    String orders() {
        return orders;
    }

    /** The address of the service that charges them. */
    String billing() {
        return billing;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.err.println("demo: not closed: " + e);
            }
        }
    }
}
