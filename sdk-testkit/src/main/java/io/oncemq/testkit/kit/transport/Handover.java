package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessageHandler;
import io.oncemq.MessagingClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Handover extends Scenario {
    private static final int KEYS = 20;
    private static final int MESSAGES = 1_000;

    Handover(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("O3 a second member joins, then the first one leaves: one effect each, in order, no key in two places")
    final void secondMemberTakesOverInOrder() {
        String orders = destination(4);
        publish(
                orders,
                IntStream.range(0, MESSAGES)
                        .mapToObj(n -> message("m" + n, "key-" + n % KEYS, Integer.toString(n)))
                        .toList());
        CountDownLatch leaving = new CountDownLatch(1);
        MessagingClient first = client();
        subscribe(first, orders).concurrency(4).handle(slow("first", leaving));
        awaitAtLeastEffects(100);
        subscribe(client(), orders).concurrency(4).handle(slow("second", leaving));
        await().until(() ->
                effects.all().stream().anyMatch(effect -> effect.consumer().equals("second")));
        int atClose = effects.size();
        leaving.countDown();
        first.close();
        awaitEffects(MESSAGES);
        assertThat(atClose).as("the first member left midway").isLessThan(MESSAGES);
        assertThat(effects.repeated()).isEmpty();
        assertThat(effects.overlaps()).isEmpty();
        for (int key = 0; key < KEYS; key++) {
            List<Integer> numbers = effects.firstBodies("key-" + key).stream()
                    .map(Integer::valueOf)
                    .toList();
            assertThat(numbers).as("key-" + key).isSorted();
        }
    }

    @Test
    @DisplayName("O3 a handler that outlasts the drain is interrupted and disowned; the new owner handles its message")
    final void handlerThatOutlastsTheDrainLosesItsMessage() throws Exception {
        String orders = destination(2);
        List<Boolean> owned = new CopyOnWriteArrayList<>();
        CountDownLatch bothStarted = new CountDownLatch(2);
        publish(orders, message("1", keyOf(0, 2, "a")), message("2", keyOf(1, 2, "a")));
        subscribe(client(), orders)
                .lease(Duration.ofSeconds(2))
                .drainTimeout(Duration.ofMillis(200))
                .handle(effects.by("first", delivery -> {
                    bothStarted.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        owned.add(delivery.isOwned());
                        throw e;
                    }
                }));
        awaitSignal(bothStarted);
        subscribe(client(), orders).handle(effects.by("second"));
        awaitEffects(1);
        await().untilAsserted(() -> assertThat(owned).containsExactly(false));
        assertThat(effects.all()).extracting(Effect::consumer).containsExactly("second");
    }

    /** Takes some milliseconds, and more in the second half until the first member leaves: the second one may take long to join. */
    private MessageHandler<String> slow(String consumer, CountDownLatch leaving) {
        CountDownLatch never = new CountDownLatch(1);
        return effects.by(consumer, delivery -> {
            if (effects.size() > MESSAGES / 2) {
                leaving.await(500, TimeUnit.MILLISECONDS);
            }
            if (never.await(5, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("never");
            }
        });
    }
}
