package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.ConfigurationException;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.SubscriptionBuilder;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Options of the API by properties, and refusals of the API under the full names of these. */
class NamedOptionsTest {
    @Configuration(proxyBeanMethods = false)
    static class Completing {
        @Bean
        ExecutorService completing() {
            return Executors.newSingleThreadExecutor(task -> new Thread(task, "completing"));
        }

        @Bean
        Object anotherThing() {
            return new Object();
        }

        @Bean
        Outlet outlet(@OncePublisher("orders") Publisher<String> publisher) {
            return new Outlet(publisher);
        }
    }

    record Outlet(Publisher<String> publisher) {}

    @Test
    void futuresCompleteOnTheExecutorThatAPropertyNames() {
        new Toys()
                .application("billing", "orders")
                .withUserConfiguration(Completing.class)
                .withPropertyValues("oncemq.publisher.complete-on=completing")
                .run(context -> {
                    AtomicReference<String> thread = new AtomicReference<>();
                    // Held until the dependent is there: it would else run on the thread that adds it.
                    ExecutorService executor = context.getBean(ExecutorService.class);
                    Runnable gate = gate(executor);
                    var done = context.getBean(Outlet.class)
                            .publisher()
                            .publish(OutboundMessage.of("body").id("1"))
                            .thenRun(() -> thread.set(Thread.currentThread().getName()));
                    gate.run();
                    done.get(1, TimeUnit.MINUTES);
                    assertThat(thread).hasValue("completing");
                });
    }

    private static Runnable gate(ExecutorService executor) {
        CountDownLatch open = new CountDownLatch(1);
        executor.execute(() -> {
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return open::countDown;
    }

    @Test
    void aNameThatIsNoExecutorIsRefusedWithThoseThatThereAre() {
        for (String wrong : List.of("nothing", "anotherThing")) {
            new Toys()
                    .application("billing", "orders")
                    .withUserConfiguration(Completing.class)
                    .withPropertyValues("oncemq.publisher.complete-on=" + wrong)
                    .run(context -> assertThat(Toys.told(context.getStartupFailure()))
                            .startsWith("oncemq.publisher.complete-on = " + wrong)
                            .contains("is not the name of an Executor bean", "completing"));
        }
    }

    @Test
    void aBoundThatIsRefusedIsNamedByItsProperty() {
        new Toys()
                .application("billing", "orders")
                .withUserConfiguration(Completing.class)
                .withPropertyValues("oncemq.publisher.max-in-flight=0")
                .run(context -> assertThat(Toys.told(context.getStartupFailure()))
                        .startsWith("oncemq.publisher.max-in-flight = 0"));
    }

    @Test
    void aListenerSaysWhatBecomesOfLettersThatAreTooLarge() {
        ListenerProperties values = new ListenerProperties();
        assertThat(deadLetter(values).tooLarge()).isEqualTo(TooLarge.HOLD);
        values.setDeadLetterTooLarge(TooLarge.STUB);
        values.setDeadLetter("letters");
        assertThat(deadLetter(values))
                .isEqualTo(DeadLetterPolicy.builder()
                        .to("letters")
                        .tooLarge(TooLarge.STUB)
                        .build());
    }

    private static DeadLetterPolicy deadLetter(ListenerProperties values) {
        AtomicReference<DeadLetterPolicy> seen = new AtomicReference<>();
        SubscriptionBuilder<?> builder = (SubscriptionBuilder<?>) Proxy.newProxyInstance(
                NamedOptionsTest.class.getClassLoader(),
                new Class<?>[] {SubscriptionBuilder.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("deadLetter")) {
                        seen.set((DeadLetterPolicy) args[0]);
                    }
                    return proxy;
                });
        settings(values).apply(builder);
        return seen.get();
    }

    private static ListenerSettings settings(ListenerProperties values) {
        return new ListenerSettings(
                "reader", List.of(new ListenerSettings.Layer(values, name -> "oncemq.listeners.reader." + name)));
    }

    @Test
    void aClusterThatIsRefusedIsToldByTheClientsProperties() {
        ListenerProperties values = new ListenerProperties();
        values.setClient("audit");
        RuntimeException told = settings(values)
                .told(new ConfigurationException(
                        "clusterName", "shop", "was another's", "Rename it; or call acceptCluster(\"kafka:x\")"));
        assertThat(told).isInstanceOfSatisfying(ConfigurationException.class, refusal -> {
            assertThat(refusal.property()).isEqualTo("oncemq.clients.audit.cluster-name");
            assertThat(refusal.value()).isEqualTo("shop");
            assertThat(refusal.remedy()).isEqualTo("Rename it; or set oncemq.clients.audit.accept-cluster=kafka:x");
        });
    }

    @Test
    void aClusterWithoutIdentityNeedsTheNameByItsFullProperty() {
        Toys toys = new Toys();
        Toys.bare()
                .withPropertyValues(
                        "oncemq.clients.audit.transport=" + toys.uri(),
                        "oncemq.clients.audit.idempotency=memory://audit")
                .run(context -> assertThat(Toys.told(context.getStartupFailure()))
                        .contains(
                                "oncemq.clients.audit.cluster-name could not be checked",
                                "oncemq.clients.audit.accept-unchecked.clusterName"));
    }
}
