package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessageHandler;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Handover extends Scenario {
    private static final int KEYS = 20;
    private static final int MESSAGES = 1_000;

    /** What a member may hold of both partitions, and continues with during a drain, although it receives nothing. */
    private static final int IN_FLIGHT = 400;

    private static final Duration QUIET = Duration.ofSeconds(2);

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
        subscribe(first, orders).concurrency(4).handler(slow("first", leaving)).start();
        awaitAtLeastEffects(100);
        subscribe(client(), orders)
                .concurrency(4)
                .handler(slow("second", leaving))
                .start();
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
                .handler(effects.by("first", delivery -> {
                    bothStarted.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        owned.add(delivery.isOwned());
                        throw e;
                    }
                }))
                .start();
        awaitSignal(bothStarted);
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitEffects(1);
        await().untilAsserted(() -> assertThat(owned).containsExactly(false));
        assertThat(effects.all()).extracting(Effect::consumer).containsExactly("second");
    }

    /** Which of both partitions is given away is the broker's choice, so each has a slow key. */
    @Test
    @DisplayName(
            "S10 while a slow handler keeps one partition from its new owner the other one continues, and the drain ends with its handler")
    final void aSlowDrainHoldsItsOwnPartitionOnly() throws Exception {
        String orders = destination(2);
        List<String> slow = List.of(keyOf(0, 2, "slow"), keyOf(1, 2, "slow"));
        List<String> quick = List.of(keyOf(0, 2, "quick"), keyOf(1, 2, "quick"));
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        MessageHandler<String> work = delivery -> {
            if (slow.contains(delivery.key())) {
                begun.countDown();
                awaitSignal(release);
            }
            release.await(2, TimeUnit.MILLISECONDS);
        };
        publish(orders, message("slow-0", slow.get(0)), message("slow-1", slow.get(1)));
        subscribe(client(), orders)
                .maxInFlight(IN_FLIGHT)
                .drainTimeout(fixture.patience())
                .handler(effects.by("first", work))
                .start();
        awaitSignal(begun);
        AtomicInteger published = new AtomicInteger();
        publishAhead(orders, quick, published);
        subscribe(client(), orders)
                .maxInFlight(IN_FLIGHT)
                .handler(effects.by("second", work))
                .start();
        awaitDrain(orders, quick, published);
        assertThat(effects.all()).extracting(Effect::consumer).containsOnly("first");
        assertThat(effects.all()).extracting(Effect::key).doesNotContainAnyElementsOf(slow);
        release.countDown();
        await().until(() -> {
            publishAhead(orders, quick, published);
            return effects.all().stream().anyMatch(each -> each.consumer().equals("second"));
        });
        awaitEffects(2 * published.get() + 2);
        assertThat(effects.repeated()).isEmpty();
        assertThat(effects.overlaps()).isEmpty();
    }

    /** Keeps more waiting than a member holds, in each partition. */
    private void publishAhead(String destination, List<String> keys, AtomicInteger published) {
        List<OutboundMessage<String>> messages = new ArrayList<>();
        int wanted = IN_FLIGHT + keys.stream().mapToInt(this::handled).max().orElseThrow();
        while (published.get() < wanted) {
            int n = published.getAndIncrement();
            keys.forEach(key -> messages.add(message(key + "-" + n, key)));
        }
        publish(destination, messages);
    }

    /** Publishes until only one partition has handlers that end, or neither, where a member receives nothing during a drain. */
    private void awaitDrain(String destination, List<String> keys, AtomicInteger published) {
        AtomicInteger before = new AtomicInteger();
        if (fixture.receivesWhileItDrains()) {
            await().until(() -> {
                publishAhead(destination, keys, published);
                return Math.abs(handled(keys.get(0)) - handled(keys.get(1))) > 2 * IN_FLIGHT;
            });
        } else {
            await().pollInterval(QUIET).until(() -> {
                publishAhead(destination, keys, published);
                int now = effects.size();
                return before.getAndSet(now) == now;
            });
        }
    }

    private int handled(String key) {
        return (int)
                effects.all().stream().filter(each -> key.equals(each.key())).count();
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
