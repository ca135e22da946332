package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Subscription;
import io.oncemq.spring.toy.ToyBroker;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class RestartsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger restarts = new AtomicInteger();
    private final Restarts restarting = new Restarts(now::get);
    private Subscription.State state = Subscription.State.FAILED;
    private Restarts.Waiting waiting = Restarts.Waiting.DEFAULT;
    private boolean works;
    private Throwable refusal = new IllegalStateException("still refused");

    private final Subscription subscription = (Subscription) Proxy.newProxyInstance(
            RestartsTest.class.getClassLoader(), new Class<?>[] {Subscription.class}, (proxy, method, args) -> {
                if (method.getName().equals("state")) {
                    return state;
                }
                assertThat(method.getName()).isEqualTo("restart");
                restarts.incrementAndGet();
                if (works) {
                    state = Subscription.State.RUNNING;
                    return null;
                }
                throw refusal;
            });

    /** How long it took until it was started once more. */
    private Duration nextRestart() {
        int before = restarts.get();
        long began = now.get();
        while (restarts.get() == before) {
            restarting.look("orders", subscription, waiting);
            now.addAndGet(Duration.ofMillis(100).toNanos());
        }
        return Duration.ofNanos(now.get() - began);
    }

    @Test
    void theWaitGrowsWhileItFailsAndBeginsAnewOnceItHasRun() {
        assertThat(nextRestart()).isBetween(Duration.ofMillis(700), Duration.ofMillis(1600));
        assertThat(nextRestart()).isBetween(Duration.ofMillis(1400), Duration.ofMillis(2900));
        for (int i = 0; i < 10; i++) {
            nextRestart();
        }
        assertThat(nextRestart()).isBetween(Duration.ofSeconds(42), Duration.ofSeconds(79));
        works = true;
        nextRestart();
        restarting.look("orders", subscription, waiting);
        state = Subscription.State.FAILED;
        assertThat(nextRestart()).as("it has run too shortly").isGreaterThan(Duration.ofSeconds(40));
        now.addAndGet(Restarts.RECOVERED.toNanos());
        restarting.look("orders", subscription, waiting);
        state = Subscription.State.FAILED;
        assertThat(nextRestart()).isLessThan(Duration.ofMillis(1600));
    }

    @Test
    void theWaitsAreThoseOfTheListener() {
        waiting = new Restarts.Waiting(Duration.ofSeconds(10), Duration.ofSeconds(20));
        assertThat(nextRestart()).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(14));
        nextRestart();
        assertThat(nextRestart()).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(27));
    }

    @Test
    void propertiesSetTheWaits() {
        new Toys()
                .application("billing", "orders")
                .withBean(RestartsOn.class)
                .withPropertyValues(
                        "oncemq.listener.restart-initial-delay=5s", "oncemq.listeners.restarted.restart-max-delay=10s")
                .run(context -> assertThat(
                                context.getBean(ListenerLifecycle.class).restartWaiting("restarted"))
                        .isEqualTo(new Restarts.Waiting(Duration.ofSeconds(5), Duration.ofSeconds(10))));
    }

    @Test
    void waitsOutOfRangeAreRefusedByTheirProperty() {
        refused("oncemq.listeners.restarted.restart-initial-delay = PT0.05S", "100 ms to 1 hour", "initial-delay=50ms");
        refused("oncemq.listeners.restarted.restart-max-delay = PT2H", "100 ms to 1 hour", "max-delay=2h");
        refused(
                "oncemq.listeners.restarted.restart-max-delay = PT0.5S: is shorter than"
                        + " oncemq.listeners.restarted.restart-initial-delay = PT1S",
                "Raise it",
                "max-delay=500ms");
    }

    private static void refused(String said, String remedy, String property) {
        new Toys()
                .application("billing", "orders")
                .withBean(RestartsOn.class)
                .withPropertyValues("oncemq.listeners.restarted.restart-" + property)
                .run(context -> assertThat(Toys.told(context.getStartupFailure()))
                        .startsWith(said)
                        .contains(remedy));
    }

    /** It would end the task that looks at all listeners. */
    @Test
    void anErrorOfARestartIsNotTheLastTry() {
        refusal = new OutOfMemoryError("unable to create native thread");
        nextRestart();
        nextRestart();
        assertThat(restarts).hasValue(2);
    }

    @Test
    void aFailedListenerThatWasClosedIsLeftAloneUntilItIsStarted() {
        Toys toys = new Toys();
        toys.application("billing", "orders").withBean(RestartsOn.class).run(context -> {
            ToyBroker broker = toys.broker();
            ListenerLifecycle listeners = context.getBean(ListenerLifecycle.class);
            broker.fail("orders", new IllegalStateException("refused"));
            Subscription failed = listeners.subscription("restarted").orElseThrow();
            await().atMost(PATIENCE).until(() -> failed.failure().isPresent());
            failed.close();
            assertThat(failed.state()).isEqualTo(Subscription.State.CLOSED);
            broker.fail("orders", null);
            listeners.start("restarted");
            assertThat(listeners.subscription("restarted"))
                    .get()
                    .isNotSameAs(failed)
                    .extracting(Subscription::state)
                    .isEqualTo(Subscription.State.RUNNING);
        });
    }

    @Test
    void aListenerThatFailsIsRestartedAndHealthy() {
        Toys toys = new Toys();
        toys.application("billing", "orders").withBean(RestartsOn.class).run(context -> {
            ToyBroker broker = toys.broker();
            ListenerLifecycle listeners = context.getBean(ListenerLifecycle.class);
            ListenersHealth health = new ListenersHealth(listeners);
            broker.fail("orders", new IllegalStateException("refused"));
            Subscription failing = listeners.subscription("restarted").orElseThrow();
            await().atMost(PATIENCE).until(() -> health.health().getStatus().equals(Status.DOWN));
            broker.fail("orders", null);
            await().atMost(PATIENCE).until(() -> failing.state() == Subscription.State.RUNNING);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            context.getBean(MessagingClient.class)
                    .publisher("orders", Codecs.string())
                    .publish(OutboundMessage.of("after").id("after").key("k"))
                    .join();
            await().atMost(PATIENCE)
                    .until(() -> context.getBean(RestartsOn.class).handled.get() == 1);
        });
    }

    @Test
    void aPropertyTurnsItOff() {
        new Toys()
                .application("billing", "orders")
                .withBean(RestartsOn.class)
                .withPropertyValues("oncemq.listeners.restarted.restart=false")
                .run(context -> {
                    ListenerLifecycle listeners = context.getBean(ListenerLifecycle.class);
                    assertThat(listeners.restarts("restarted")).isFalse();
                });
    }

    static final class RestartsOn {
        final AtomicInteger handled = new AtomicInteger();

        @OnceListener(id = "restarted", destination = "orders", group = "billing")
        void on(String body) {
            handled.incrementAndGet();
        }
    }
}
