package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Subscription;
import io.oncemq.jackson.Json;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.scheduling.annotation.Async;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;

/** Listeners as users of Spring write them. */
class ListenerShapesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Order ORDER = new Order("1", "ann", 5);

    /** What listeners were called with. */
    private static final List<Object> SEEN = new CopyOnWriteArrayList<>();

    private final Toys toys = new Toys();

    ListenerShapesTest() {
        SEEN.clear();
    }

    private ApplicationContextRunner application() {
        return toys.application("billing", "orders");
    }

    private void handles(ApplicationContextRunner application, Object... expected) {
        application.run(context -> {
            publish(context, ORDER);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(SEEN).containsExactly(expected));
        });
    }

    private static void publish(ApplicationContext context, Order order) {
        context.getBean(MessagingClient.class)
                .publisher("orders", Json.of(Order.class))
                .publish(OutboundMessage.of(order)
                        .id(order.id())
                        .header("tenant", "acme")
                        .header("size", "17"))
                .join();
    }

    private void refuses(Class<?> bean, String... said) {
        refuses(application().withBean("bean", bean), said);
    }

    private static void refuses(ApplicationContextRunner application, String... said) {
        application.run(context -> {
            assertThat(context).hasFailed();
            assertThat(Toys.told(context.getStartupFailure())).contains(said);
        });
    }

    abstract static class Generic<T> {
        @OnceListener(destination = "orders", group = "billing")
        void on(T body, Delivery<T> delivery) {
            SEEN.add(body);
        }
    }

    static class OfOrders extends Generic<Order> {}

    @Test
    void aTypeVariableStandsForWhatTheSubclassPutsInItsPlace() {
        handles(application().withBean(OfOrders.class), ORDER);
    }

    abstract static class GenericLists<T> {
        @OnceListener(destination = "orders", group = "billing")
        void on(List<T> body) {
            SEEN.addAll(body);
        }
    }

    static class ListsOfOrders extends GenericLists<Order> {}

    @Test
    void aTypeVariableInsideOfAnotherTypeIsFilledInAsWell() {
        application().withBean(ListsOfOrders.class).run(context -> {
            context.getBean(MessagingClient.class)
                    .publisher("orders", Json.of(new TypeReference<List<Order>>() {}))
                    .publish(OutboundMessage.of(List.of(ORDER)).id("1"))
                    .join();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(SEEN).containsExactly(ORDER));
        });
    }

    @Test
    void aTypeVariableThatStandsForNothingIsRefused() {
        refuses(
                application().withBean("bean", Open.class, Open::new),
                "Open.on(Object, Delivery)",
                "does not name the type of the body");
    }

    static class Open<T> extends Generic<T> {}

    interface Work {}

    static class Worker implements Work {
        @OnceListener(destination = "orders", group = "billing")
        void on(Order order) {
            SEEN.add(order);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyByInterface {
        @Bean
        @Lazy
        Work work() {
            return new Worker();
        }
    }

    @Test
    void aLazyBeanOfAnInterfaceTypeIsFound() {
        handles(application().withUserConfiguration(LazyByInterface.class), ORDER);
    }

    @Test
    void aRegisteredSingletonIsFound() {
        handles(
                application()
                        .withInitializer(context -> context.getBeanFactory().registerSingleton("worker", new Worker())),
                ORDER);
    }

    static class WithHeaders {
        @OnceListener(destination = "orders", group = "billing")
        void on(
                Order order,
                @Header("tenant") String tenant,
                @Header int size,
                @Header(name = "size") byte[] bytes,
                @Header(name = "${none:zone}", defaultValue = "eu") String zone,
                @Header(name = "shop", required = false) String shop,
                @Header("desk") Optional<Integer> desk) {
            SEEN.addAll(List.of(tenant, size, bytes.length, zone, String.valueOf(shop), desk));
        }
    }

    @Test
    void headersAreParametersOfTheirTypes() {
        handles(application().withBean(WithHeaders.class), "acme", 17, 2, "eu", "null", Optional.empty());
    }

    static class WithMissingHeader {
        @OnceListener(destination = "orders", group = "billing")
        void on(Order order, @Header("desk") String desk) {
            SEEN.add(desk);
        }
    }

    static class WithWrongHeader {
        @OnceListener(destination = "orders", group = "billing")
        void on(Order order, @Header("tenant") int tenant) {
            SEEN.add(tenant);
        }
    }

    private void deadLetters(Class<?> bean, String cause, String untold) {
        application().withBean(bean).run(context -> {
            publish(context, ORDER);
            await().atMost(PATIENCE)
                    .until(() -> !toys.broker().messages("orders.billing.dlq").isEmpty());
            Headers headers =
                    toys.broker().messages("orders.billing.dlq").get(0).headers();
            assertThat(headers.text("oncemq-dead-letter-attempts")).isEqualTo("1");
            assertThat(headers.text("oncemq-dead-letter-message"))
                    .contains(cause)
                    .doesNotContain(untold);
            assertThat(SEEN).isEmpty();
        });
    }

    @Test
    void aMessageWithoutARequiredHeaderGoesToTheDeadLetterAtOnce() {
        deadLetters(WithMissingHeader.class, "no header desk", "acme");
    }

    @Test
    void soDoesOneWhoseHeaderHasAnotherType() {
        deadLetters(WithWrongHeader.class, "the header tenant is not a int", "acme");
    }

    static class WithHeaderMap {
        @OnceListener(destination = "orders", group = "billing")
        void on(Order order, MessageHeaders headers) {}
    }

    @Test
    void allHeadersAsAMapAreRefused() {
        refuses(WithHeaderMap.class, "takes all headers as a map", "io.oncemq.Headers");
    }

    static class Reactive {
        @OnceListener(destination = "orders", group = "billing", retryDelay = "1ms", maxRetryDelay = "1ms")
        Mono<Void> on(Delivery<Order> delivery) {
            return Mono.fromRunnable(() -> {
                SEEN.add(delivery.attempt());
                if (delivery.attempt() == 1) {
                    throw new IllegalStateException("once more");
                }
            });
        }
    }

    @Test
    void aMonoIsSubscribedForEachAttemptAndItsFailureIsRetried() {
        handles(application().withBean(Reactive.class), 1, 2);
    }

    static class Streaming {
        @OnceListener(destination = "orders", group = "billing")
        Flux<Void> on(Order order) {
            return Flux.empty();
        }
    }

    @Test
    void aFluxIsRefused() {
        refuses(Streaming.class, "returns Flux", "Return void, a CompletionStage or a Mono");
    }

    static class Suspended {
        @OnceListener(destination = "orders", group = "billing")
        Object on(Order order, kotlin.coroutines.Continuation<? super kotlin.Unit> continuation) {
            return order;
        }
    }

    @Test
    void aSuspendFunctionIsRefused() {
        refuses(Suspended.class, "suspend function of Kotlin", "Return a CompletionStage");
    }

    static class Detached {
        @Async
        @OnceListener(destination = "orders", group = "billing")
        void on(Order order) {}
    }

    @Async
    static class AllDetached {
        @OnceListener(destination = "orders", group = "billing")
        void on(Order order) {}
    }

    static class Attached {
        @Async
        @OnceListener(destination = "orders", group = "billing")
        CompletableFuture<Void> on(Order order) {
            SEEN.add(order);
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void anAsyncMethodIsRefusedIfItReturnsNoFuture() {
        refuses(Detached.class, "Detached.on(Order)", "is @Async", "Remove @Async");
        refuses(AllDetached.class, "AllDetached.on(Order)", "is @Async");
        handles(application().withBean(Attached.class), ORDER);
    }

    static class Final {
        @OnceListener(destination = "orders", group = "billing")
        final void on(Order order) {
            SEEN.add(order);
        }
    }

    @Test
    void aFinalMethodBehindAProxyIsRefused() {
        refuses(application().withBean("bean", Final.class, () -> proxied(new Final())), "Final.on(Order)", "is final");
        handles(application().withBean("bean", Final.class), ORDER);
    }

    private static <T> T proxied(T target) {
        ProxyFactory proxies = new ProxyFactory(target);
        proxies.setProxyTargetClass(true);
        @SuppressWarnings("unchecked")
        T proxy = (T) proxies.getProxy();
        return proxy;
    }

    @Configuration(proxyBeanMethods = false)
    static class Scoped {
        @Bean
        @Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Worker worker() {
            return new Worker();
        }
    }

    @Test
    void aPrototypeBehindAProxyOfItsScopeIsRefused() {
        refuses(application().withUserConfiguration(Scoped.class), "Worker.on(Order)", "there may be many");
    }

    @OnceListener(group = "#{@names.group}", deadLetterOn = IllegalArgumentException.class)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Billing {
        @AliasFor(annotation = OnceListener.class, attribute = "destination")
        String value();
    }

    public record Names(String group) {
        public String getGroup() {
            return group;
        }
    }

    static class Composed {
        @Billing("#{'ord' + 'ers'}")
        void on(Order order) {
            SEEN.add(order);
        }
    }

    @Test
    void anAnnotationOfTheApplicationsOwnWithExpressionsIsAListener() {
        handles(
                application()
                        .withBean("names", Names.class, () -> new Names("billing"))
                        .withBean(Composed.class),
                ORDER);
    }

    @Test
    void anExpressionThatCannotBeEvaluatedIsRefusedByName() {
        refuses(
                Composed.class,
                "group of @OnceListener on ListenerShapesTest.Composed.on(Order)",
                "cannot be evaluated");
    }

    @Test
    void aListenerIsStoppedAndStartedByItsName() {
        application().withBean("worker", Worker.class).run(context -> {
            OnceListeners listeners = context.getBean(OnceListeners.class);
            Subscription first = listeners.subscription("worker-on").orElseThrow();
            listeners.stop("worker-on");
            listeners.stop("worker-on");
            assertThat(first.state()).isEqualTo(Subscription.State.CLOSED);
            assertThat(listeners.subscription("worker-on")).isEmpty();
            publish(context, ORDER);
            listeners.start("worker-on");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(SEEN).containsExactly(ORDER));
        });
    }

    @Test
    void aListenerThatAnOperatorClosedStartsAgain() {
        application().withBean("worker", Worker.class).run(context -> {
            OnceListeners listeners = context.getBean(OnceListeners.class);
            listeners.subscription("worker-on").orElseThrow().close(Duration.ofSeconds(5));
            publish(context, ORDER);
            listeners.start("worker-on");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(SEEN).containsExactly(ORDER));
        });
    }
}
