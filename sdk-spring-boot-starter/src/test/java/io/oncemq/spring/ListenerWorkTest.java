package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What annotation and properties say of how a listener works. */
class ListenerWorkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Toys toys = new Toys();

    /** Each waits until all may end. */
    static class Waiting {
        final CountDownLatch mayEnd = new CountDownLatch(1);
        final AtomicInteger running = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final List<Boolean> virtual = new CopyOnWriteArrayList<>();

        @OnceListener(id = "waiting", destination = "orders", group = "billing", concurrency = "${test.concurrency:3}")
        void on(String body) throws Exception {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            virtual.add(isVirtual());
            assertThat(mayEnd.await(60, TimeUnit.SECONDS)).isTrue();
            running.decrementAndGet();
        }

        /** By reflection: a JDK 17 has no such method. */
        private static boolean isVirtual() throws ReflectiveOperationException {
            return Runtime.version().feature() >= 21
                    && (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
        }
    }

    private ApplicationContextRunner application() {
        return toys.application("billing", "orders").withBean(Waiting.class);
    }

    private static void publish(ApplicationContext context, int messages) {
        Publisher<String> publisher = context.getBean(MessagingClient.class).publisher("orders", Codecs.string());
        for (int i = 0; i < messages; i++) {
            publisher
                    .publish(OutboundMessage.of("body").id("o-" + i).key("k" + i))
                    .join();
        }
    }

    @Test
    void asManyHandlersRunAtOnceAsTheAnnotationSays() {
        application().run(context -> runsAtOnce(context, 3));
    }

    @Test
    void asManyHandlersRunAtOnceAsThePropertySays() {
        application()
                .withPropertyValues("oncemq.listeners.waiting.concurrency=2")
                .run(context -> runsAtOnce(context, 2));
    }

    private void runsAtOnce(ApplicationContext context, int expected) {
        Waiting waiting = context.getBean(Waiting.class);
        publish(context, 8);
        await().atMost(PATIENCE).until(() -> inFlight(context) == 8 && waiting.running.get() == expected);
        await().during(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> waiting.running.get() == expected);
        waiting.mayEnd.countDown();
        await().atMost(PATIENCE).until(() -> toys.broker().position("orders", "billing") == 8);
        assertThat(waiting.most).hasValue(expected);
    }

    private static int inFlight(ApplicationContext context) {
        return context.getBean(OnceListeners.class)
                .subscription("waiting")
                .orElseThrow()
                .inFlight();
    }

    private void handles(ApplicationContextRunner application, boolean virtual) {
        application.run(context -> {
            Waiting waiting = context.getBean(Waiting.class);
            waiting.mayEnd.countDown();
            publish(context, 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(waiting.virtual).containsExactly(virtual));
        });
    }

    @Test
    void threadsAreOnesOfThePlatformUnlessToldOtherwise() {
        handles(application(), false);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "this JDK has no virtual threads")
    void handlersRunOnVirtualThreadsByTheSwitchOfBoot() {
        handles(application().withPropertyValues("spring.threads.virtual.enabled=true"), true);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "this JDK has no virtual threads")
    void aClientsOwnSwitchWinsOverTheSwitchOfBoot() {
        handles(
                application().withPropertyValues("spring.threads.virtual.enabled=true", "oncemq.virtual-threads=false"),
                false);
    }

    static class Refusing {
        final AtomicInteger attempts = new AtomicInteger();

        @OnceListener(
                id = "refusing",
                destination = "orders",
                group = "billing",
                maxAttempts = "2",
                retryDelay = "1ms",
                deadLetter = "${test.dead-letter:}")
        void on(String body) {
            attempts.incrementAndGet();
            throw new IllegalStateException("no");
        }
    }

    @Test
    void deadLettersGoWhereTheListenerSays() {
        toys.broker().create("the-desk");
        toys.application("billing", "orders")
                .withBean(Refusing.class)
                .withPropertyValues("test.dead-letter=the-desk")
                .run(context -> {
                    publish(context, 1);
                    await().atMost(PATIENCE)
                            .until(() -> toys.broker().messages("the-desk").size() == 1);
                    assertThat(toys.broker().messages("orders.billing.dlq")).isEmpty();
                });
    }

    @Test
    void aListenerThatBlocksKeepsWhatItCannotHandle() {
        toys.application("billing", "orders")
                .withBean(Refusing.class)
                .withPropertyValues("oncemq.listeners.refusing.on-exhausted=BLOCK")
                .run(context -> {
                    publish(context, 1);
                    await().atMost(PATIENCE)
                            .until(() ->
                                    context.getBean(Refusing.class).attempts.get() >= 3);
                    assertThat(toys.broker().messages("orders.billing.dlq")).isEmpty();
                    assertThat(toys.broker().position("orders", "billing")).isZero();
                });
    }
}
