package io.oncemq.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.oncemq.Codec;
import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.Subscription;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class ListenerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Toys toys = new Toys();

    /** Remembers what it was called with. */
    static class Seen {
        final List<Object> bodies = new CopyOnWriteArrayList<>();

        void awaitBodies(Object... expected) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(bodies).containsExactly(expected));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OrderPublisher {
        @Bean
        Outlet outlet(@OncePublisher("${test.destination:orders}") Publisher<Order> publisher) {
            return new Outlet(publisher);
        }
    }

    record Outlet(Publisher<Order> publisher) {
        void publish(String id, String customer, long cents) {
            Order order = new Order(id, customer, cents);
            publisher.publish(OutboundMessage.of(order).id(id).key(customer)).join();
        }
    }

    private static Outlet outlet(ApplicationContext context) {
        return context.getBean(Outlet.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class Everything extends Seen {
        @OnceListener(destination = "orders", group = "billing")
        void on(Headers headers, Order order, Delivery<Order> delivery) {
            assertThat(delivery.body()).isSameAs(order);
            assertThat(delivery.headers()).isSameAs(headers);
            bodies.add(order);
        }
    }

    @Test
    void methodGetsBodyDeliveryAndHeadersInAnyOrder() {
        toys.application("billing", "orders")
                .withUserConfiguration(Everything.class, OrderPublisher.class)
                .run(context -> {
                    outlet(context).publish("1", "ann", 100);
                    outlet(context).publish("1", "ann", 100);
                    outlet(context).publish("2", "ann", 200);
                    context.getBean(Everything.class)
                            .awaitBodies(new Order("1", "ann", 100), new Order("2", "ann", 200));
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Validating extends Seen {
        @OnceListener(destination = "orders", group = "billing")
        void on(@Valid Order order) {
            bodies.add(order);
        }
    }

    @Test
    void bodyThatIsNotValidGoesToTheDeadLetterAtOnceAndItsValueIsNotTold() {
        toys.application("billing", "orders")
                .withUserConfiguration(Validating.class, OrderPublisher.class)
                .run(context -> {
                    outlet(context).publish("1", "", -666);
                    outlet(context).publish("2", "bob", 200);
                    context.getBean(Validating.class).awaitBodies(new Order("2", "bob", 200));
                    await().atMost(PATIENCE)
                            .until(() -> !toys.broker()
                                    .messages("orders.billing.dlq")
                                    .isEmpty());
                    Headers headers =
                            toys.broker().messages("orders.billing.dlq").get(0).headers();
                    assertThat(headers.text("oncemq-dead-letter-attempts")).isEqualTo("1");
                    assertThat(headers.text("oncemq-dead-letter-message"))
                            .contains("cents (Positive)", "customer (NotBlank)")
                            .doesNotContain("666");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Retrying extends Seen {
        final AtomicInteger attempts = new AtomicInteger();

        @OnceListener(
                destination = "${test.destination:orders}",
                group = "billing",
                maxAttempts = "3",
                retryDelay = "1ms",
                maxRetryDelay = "2ms",
                deadLetterOn = IllegalArgumentException.class)
        void on(Order order) {
            attempts.incrementAndGet();
            throw order.cents() > 100 ? new IllegalArgumentException("too much") : new IllegalStateException("no");
        }
    }

    @Test
    void annotationSetsAttemptsAndWhatIsNeverRetried() {
        toys.application("billing", "orders")
                .withUserConfiguration(Retrying.class, OrderPublisher.class)
                .run(context -> {
                    outlet(context).publish("1", "ann", 1);
                    outlet(context).publish("2", "bob", 200);
                    await().atMost(PATIENCE)
                            .until(() ->
                                    toys.broker().messages("orders.billing.dlq").size() == 2);
                    assertThat(context.getBean(Retrying.class).attempts).hasValue(4);
                });
    }

    @Test
    void propertiesOfTheListenerWinOverItsAnnotation() {
        toys.application("billing", "orders")
                .withUserConfiguration(Retrying.class, OrderPublisher.class)
                .withPropertyValues("oncemq.listeners.listenerTest.Retrying-on.retry.max-attempts=1")
                .run(context -> assertThat(context).hasFailed());
        toys.application("billing", "orders")
                .withBean("retrying", Retrying.class)
                .withUserConfiguration(OrderPublisher.class)
                .withPropertyValues("oncemq.listeners.retrying-on.retry.max-attempts=1")
                .run(context -> {
                    outlet(context).publish("1", "ann", 1);
                    await().atMost(PATIENCE)
                            .until(() ->
                                    toys.broker().messages("orders.billing.dlq").size() == 1);
                    assertThat(context.getBean(Retrying.class).attempts).hasValue(1);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Chained {
        @Bean
        Seen receipts() {
            return new Receipts();
        }

        @Bean
        Object charging(@OncePublisher("receipts") Publisher<String> receipts) {
            return new Object() {
                @OnceListener(destination = "orders", group = "billing")
                CompletionStage<?> on(Delivery<Order> delivery) {
                    delivery.publishOnSuccess(receipts, OutboundMessage.of("receipt of " + delivery.id()));
                    return runAsync(() -> {});
                }
            };
        }
    }

    static class Receipts extends Seen {
        @OnceListener(id = "receipts", destination = "receipts", group = "billing")
        void on(String text) {
            bodies.add(text);
        }
    }

    @Test
    void stageEndsTheDeliveryAndDerivedMessagesFollow() {
        toys.application("billing", "orders", "receipts")
                .withUserConfiguration(Chained.class, OrderPublisher.class)
                .run(context -> {
                    outlet(context).publish("7", "ann", 1);
                    context.getBean(Receipts.class).awaitBodies("receipt of 7");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Dormant extends Seen {
        @OnceListener(id = "dormant", destination = "orders", group = "billing", autoStartup = "false")
        void on(Order order) {
            bodies.add(order.id());
        }
    }

    @Test
    void listenerThatDoesNotStartByItselfIsStartedByName() {
        toys.application("billing", "orders")
                .withUserConfiguration(Dormant.class, OrderPublisher.class)
                .run(context -> {
                    outlet(context).publish("1", "ann", 1);
                    OnceListeners listeners = context.getBean(OnceListeners.class);
                    assertThat(listeners.ids()).containsExactly("dormant");
                    assertThat(listeners.subscription("dormant")).isEmpty();
                    listeners.start("dormant");
                    context.getBean(Dormant.class).awaitBodies("1");
                    Subscription running = listeners.subscription("dormant").orElseThrow();
                    listeners.start("dormant");
                    assertThat(listeners.subscription("dormant")).containsSame(running);
                });
    }

    @Lazy
    static class LazyOne extends Seen {
        @OnceListener(destination = "orders", group = "billing")
        void on(Order order) {
            bodies.add(order.id());
        }
    }

    @Test
    void lazyBeansListenAsWell() {
        toys.application("billing", "orders")
                .withBean(LazyOne.class)
                .withUserConfiguration(OrderPublisher.class)
                .run(context -> {
                    outlet(context).publish("1", "ann", 1);
                    context.getBean(LazyOne.class).awaitBodies("1");
                });
    }

    @Test
    void applicationThatInitializesEverythingLazilyListens() {
        toys.application("billing", "orders")
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withBean(LazyOne.class)
                .withUserConfiguration(OrderPublisher.class)
                .run(context -> {
                    outlet(context).publish("1", "ann", 1);
                    context.getBean(LazyOne.class).awaitBodies("1");
                });
    }

    /** Boot's own switch leaves the lifecycle of listeners out; another one may not. */
    @Test
    void listenersAreFoundWhereEvenTheirLifecycleIsLazy() {
        toys.application("billing", "orders")
                .withInitializer(context -> context.addBeanFactoryPostProcessor(
                        beans -> beans.getBeanDefinition(ListenerLifecycle.BEAN).setLazyInit(true)))
                .withBean(LazyOne.class)
                .withUserConfiguration(OrderPublisher.class)
                .run(context -> {
                    outlet(context).publish("1", "ann", 1);
                    context.getBean(LazyOne.class).awaitBodies("1");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnCodec extends Seen {
        @Bean
        Codec<Order> pipes() {
            return new Codec<>() {
                @Override
                public byte[] encode(Order order) {
                    return (order.id() + "|" + order.customer() + "|" + order.cents()).getBytes(UTF_8);
                }

                @Override
                public Order decode(byte[] bytes, Headers headers) {
                    String[] parts = new String(bytes, UTF_8).split("\\|", -1);
                    return new Order(parts[0], parts[1], Long.parseLong(parts[2]));
                }

                @Override
                public String contentType() {
                    return "text/pipes";
                }
            };
        }

        @OnceListener(destination = "orders", group = "billing")
        void on(Order order) {
            bodies.add(order);
        }
    }

    @Test
    void codecBeanOfTheBodysTypeIsUsedBothWays() {
        toys.application("billing", "orders")
                .withUserConfiguration(OwnCodec.class, OrderPublisher.class)
                .run(context -> {
                    outlet(context).publish("1", "ann", 1);
                    context.getBean(OwnCodec.class).awaitBodies(new Order("1", "ann", 1));
                    assertThat(new String(
                                    toys.broker().messages("orders").get(0).body(), UTF_8))
                            .isEqualTo("1|ann|1");
                });
    }

    @Test
    void bodiesAreReadByTheMapperOfTheApplication() {
        toys.application("billing", "orders")
                .withUserConfiguration(Everything.class, OrderPublisher.class)
                .withPropertyValues("spring.jackson.property-naming-strategy=UPPER_CAMEL_CASE")
                .run(context -> {
                    outlet(context).publish("1", "ann", 1);
                    context.getBean(Everything.class).awaitBodies(new Order("1", "ann", 1));
                    assertThat(new String(
                                    toys.broker().messages("orders").get(0).body(), UTF_8))
                            .contains("\"Customer\"");
                });
    }

    @Test
    void bodiesAreReadByAMapperThatTheApplicationDeclares() {
        toys.application("billing", "orders")
                .withUserConfiguration(Everything.class, OrderPublisher.class)
                .withBean(
                        JsonMapper.class,
                        () -> JsonMapper.builder()
                                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                                .addMixIn(Order.class, Renamed.class)
                                .build())
                .run(context -> {
                    outlet(context).publish("1", "ann", 1);
                    context.getBean(Everything.class).awaitBodies(new Order("1", "ann", 1));
                    assertThat(new String(
                                    toys.broker().messages("orders").get(0).body(), UTF_8))
                            .contains("\"buyer\"");
                });
    }

    private interface Renamed {
        @JsonProperty("buyer")
        String customer();
    }
}
