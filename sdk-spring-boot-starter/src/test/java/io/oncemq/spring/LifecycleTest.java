package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class LifecycleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Toys toys = new Toys();

    /** A resource that a handler uses, and that notes when it was closed. */
    static final class Ledger implements AutoCloseable {
        final List<String> entries = new CopyOnWriteArrayList<>();

        @Override
        public void close() {
            entries.add("closed");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Slow {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);

        @Bean
        Ledger ledger() {
            return new Ledger();
        }

        @Bean
        Object handling(Ledger ledger) {
            return new Object() {
                @OnceListener(id = "slow", destination = "orders", group = "billing")
                void on(String body) throws InterruptedException {
                    begun.countDown();
                    assertThat(mayEnd.await(60, TimeUnit.SECONDS)).isTrue();
                    ledger.entries.add(body);
                }
            };
        }
    }

    @Test
    void closeWaitsForTheRunningHandlerAndSettlesItBeforeAnythingElseEnds() {
        toys.application("billing", "orders").withUserConfiguration(Slow.class).run(context -> {
            Slow slow = context.getBean(Slow.class);
            Ledger ledger = context.getBean(Ledger.class);
            Publisher<String> publisher = context.getBean(MessagingClient.class).publisher("orders", Codecs.string());
            publisher.publish(OutboundMessage.of("first").id("1").key("k")).join();
            publisher.publish(OutboundMessage.of("second").id("2").key("k")).join();
            assertThat(slow.begun.await(60, TimeUnit.SECONDS)).isTrue();
            Thread closing = new Thread(context::close, "closing");
            closing.start();
            await().atMost(PATIENCE)
                    .until(() -> !context.getBean(ListenerLifecycle.class).isRunning());
            assertThat(ledger.entries).isEmpty();
            slow.mayEnd.countDown();
            closing.join(PATIENCE.toMillis());
            assertThat(ledger.entries).startsWith("first").endsWith("closed");
            long handled = ledger.entries.size() - 1L;
            assertThat(toys.broker().position("orders", "billing")).isEqualTo(handled);
            assertThat(toys.broker().clients()).isZero();
        });
    }

    @Test
    void whatWasNotHandledIsHandledByTheNextStart() {
        closeWaitsForTheRunningHandlerAndSettlesItBeforeAnythingElseEnds();
        toys.application("billing", "orders")
                .withBean(Rest.class)
                .run(context ->
                        await().atMost(PATIENCE).until(() -> toys.broker().position("orders", "billing") == 2));
    }

    static class Rest {
        @OnceListener(destination = "orders", group = "billing")
        void on(String body) {}
    }

    @Test
    void listenersDrainBeforeTheWebServerBeginsItsShutdown() {
        assertThat(OnceListeners.PHASE)
                .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
                .isLessThan(SmartLifecycle.DEFAULT_PHASE);
    }

    @Test
    void applicationThatIsStoppedAndStartedListensAgain() {
        toys.application("billing", "orders").withBean(Rest.class).run(context -> {
            OnceListeners listeners = context.getBean(OnceListeners.class);
            Subscription before =
                    listeners.subscription(listeners.ids().iterator().next()).orElseThrow();
            context.stop();
            assertThat(context.getBean(ListenerLifecycle.class).isRunning()).isFalse();
            assertThat(before.state()).isEqualTo(Subscription.State.CLOSED);
            context.start();
            Publisher<String> publisher = context.getBean(MessagingClient.class).publisher("orders", Codecs.string());
            publisher.publish(OutboundMessage.of("a").id("1")).join();
            await().atMost(PATIENCE).until(() -> toys.broker().position("orders", "billing") == 1);
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Two {
        @Bean
        Object user(MessagingClient standard, @Qualifier("audit") MessagingClient audit) {
            assertThat(standard).isNotSameAs(audit);
            return new Object();
        }

        @Bean
        Object publishing(@OncePublisher(value = "trail", client = "audit") Publisher<String> trail) {
            trail.publish(OutboundMessage.of("audited").id("1")).join();
            return new Object();
        }
    }

    @Test
    void namedClientsAreInjectedByNameAndNeverInPlaceOfTheDefault() {
        Toys audit = new Toys();
        audit.broker().create("trail");
        toys.application("billing", "orders")
                .withUserConfiguration(Two.class)
                .withPropertyValues(
                        "oncemq.clients.audit.transport=" + audit.uri(),
                        "oncemq.clients.audit.without-idempotency=true",
                        "oncemq.clients.audit.profile=DEV")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(audit.broker().messages("trail")).hasSize(1);
                    assertThat(audit.broker().clients()).isOne();
                });
        assertThat(audit.broker().clients()).isZero();
        assertThat(toys.broker().clients()).isZero();
    }

    @Test
    void onlyNamedClientsMakeNoDefaultClient() {
        Toys.bare()
                .withPropertyValues(
                        "oncemq.clients.audit.transport=" + toys.uri(),
                        "oncemq.clients.audit.without-idempotency=true",
                        "oncemq.clients.audit.profile=DEV")
                .run(context -> assertThat(context.getBeanNamesForType(MessagingClient.class))
                        .containsExactly("auditMessagingClient"));
    }

    @Test
    void nothingIsConfiguredWhenSwitchedOff() {
        Toys.bare()
                .withPropertyValues("oncemq.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessagingClient.class));
    }

    @Test
    void clientOfTheApplicationReplacesTheConfiguredOne() {
        toys.broker().create("orders");
        toys.broker().create("orders.billing.dlq");
        Toys.bare()
                .withBean(
                        "mine",
                        MessagingClient.class,
                        () -> MessagingClient.builder()
                                .transport(toys.uri())
                                .profile(Profile.DEV)
                                .withoutIdempotency()
                                .build())
                .withBean(Rest.class)
                .run(context -> {
                    assertThat(context.getBeanNamesForType(MessagingClient.class))
                            .containsExactly("mine");
                    assertThat(context.getBean(OnceListeners.class).ids()).hasSize(1);
                });
    }

    @Test
    void destinationsOfBeansAndPropertiesAreThereBeforeAnybodyAsks() {
        toys.application("billing")
                .withBean(
                        DestinationSpec.class,
                        () -> DestinationSpec.builder("orders").group("billing").build())
                .withPropertyValues("oncemq.destinations.receipts.groups=mail")
                .withBean(Rest.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(toys.broker().exists("receipts.mail.dlq")).isTrue();
                });
    }
}
