package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConnectionException;
import io.oncemq.Delivery;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** {@code oncemq.startup=background}: an application starts without its broker. */
class BackgroundStartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Toys toys = new Toys();

    static final class Desk {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final Publisher<String> orders;

        Desk(@OncePublisher("orders") Publisher<String> orders) {
            this.orders = orders;
        }

        @OnceListener(id = "desk", destination = "orders", group = "billing")
        void on(String body) {
            heard.add(body);
        }
    }

    static final class Forwarder {
        final List<String> forwarded = new CopyOnWriteArrayList<>();
        private final Publisher<String> copies;

        Forwarder(@OncePublisher("copies") Publisher<String> copies) {
            this.copies = copies;
        }

        @OnceListener(id = "forward", destination = "orders", group = "copying")
        void on(Delivery<String> delivery) {
            delivery.publishOnSuccess(copies, OutboundMessage.of(delivery.body() + " again"));
        }

        @OnceListener(id = "copies", destination = "copies", group = "reading")
        void read(String body) {
            forwarded.add(body);
        }
    }

    private ApplicationContextRunner application(String... properties) {
        return toys.application("billing")
                .withConfiguration(AutoConfigurations.of(OnceMqHealthAutoConfiguration.class))
                .withPropertyValues(properties)
                .withPropertyValues("oncemq.startup=background", "oncemq.destinations.orders.groups=billing")
                .withBean(Desk.class);
    }

    @Test
    void everythingStartsWhenTheBrokerAnswers() {
        toys.broker().away(true);
        application("oncemq.startup-health=out_of_service").run(context -> {
            assertThat(context).hasNotFailed();
            Desk desk = context.getBean(Desk.class);
            assertThat(status(context, "default")).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(context.getBean(OnceListeners.class).subscription("desk"))
                    .isEmpty();
            CompletableFuture<Void> published = CompletableFuture.runAsync(
                    () -> desk.orders.publish(OutboundMessage.of("early")).join());
            toys.broker().away(false);
            published.join();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(desk.heard).containsExactly("early"));
            assertThat(status(context, "default")).isEqualTo(Status.UP);
            assertThat(status(context, "listeners")).isEqualTo(Status.UP);
        });
        assertThat(toys.broker().clients()).isZero();
    }

    @Test
    void aHandlerPublishesWithAPublisherThatWasInjectedBeforeTheConnection() {
        toys.broker().away(true);
        application()
                .withPropertyValues(
                        "oncemq.destinations.orders.groups=billing,copying",
                        "oncemq.destinations.copies.groups=reading")
                .withBean(Forwarder.class)
                .run(context -> {
                    Publisher<String> orders = context.getBean(Desk.class).orders;
                    CompletableFuture<Void> published = CompletableFuture.runAsync(
                            () -> orders.publish(OutboundMessage.of("early")).join());
                    toys.broker().away(false);
                    published.join();
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(context.getBean(Forwarder.class).forwarded)
                                    .containsExactly("early again"));
                });
    }

    @Test
    void aListenerThatIsStartedTooEarlyStillWaitsForItsClient() {
        toys.broker().away(true);
        application().run(context -> {
            OnceListeners listeners = context.getBean(OnceListeners.class);
            assertThatThrownBy(() -> listeners.start("desk")).isInstanceOf(ConnectionException.class);
            toys.broker().away(false);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(listeners.subscription("desk")).isPresent());
        });
    }

    @Test
    void aSettingThatIsRefusedFailsTheClientAndNotTheApplication() {
        application("oncemq.destinations.orders.partitions=-1").run(context -> {
            assertThat(context).hasNotFailed();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    context.getBean(OnceListeners.class).failure("desk"))
                            .hasValueSatisfying(
                                    failure -> assertThat(failure).hasMessageContaining("oncemq.destinations.orders")));
            assertThat(status(context, "default")).isEqualTo(Status.DOWN);
            assertThat(status(context, "listeners")).isEqualTo(Status.DOWN);
            assertThat(context.getBean(MessagingClient.class).connected()).isCompletedExceptionally();
        });
        assertThat(toys.broker().clients()).isZero();
    }

    @Test
    void anApplicationStopsWhileItsBrokerIsUnreachable() {
        toys.broker().away(true);
        application().run(context -> assertThat(status(context, "default")).isEqualTo(Status.DOWN));
        assertThat(toys.broker().clients()).isZero();
    }

    private static Status status(ApplicationContext context, String name) {
        CompositeHealthContributor all = context.getBean(CompositeHealthContributor.class);
        Object contributor = all.getContributor(name);
        Object indicator =
                contributor instanceof CompositeHealthContributor parts ? parts.getContributor("broker") : contributor;
        return ((HealthIndicator) indicator).health().getStatus();
    }
}
