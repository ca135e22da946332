package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Ordering;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class OrderPerKey extends Scenario {
    OrderPerKey(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("O1 each key is handled in order and one at a time, while every seventh message fails at first")
    final void holdsWhileHandlersFail() {
        String orders = destination(2);
        publish(
                orders,
                IntStream.range(0, 500)
                        .mapToObj(n -> message("m" + n, "key-" + n % 10, Integer.toString(n)))
                        .toList());
        subscribe(client(), orders)
                .handler(effects.by("only", delivery -> {
                    if (Integer.parseInt(String.valueOf(delivery.body())) % 7 == 0 && delivery.attempt() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                }))
                .start();
        awaitEffects(500);
        assertThat(effects.repeated()).isEmpty();
        assertThat(effects.overlaps()).isEmpty();
        for (int key = 0; key < 10; key++) {
            List<Integer> numbers = effects.firstBodies("key-" + key).stream()
                    .map(Integer::valueOf)
                    .toList();
            assertThat(numbers).as("key-" + key).hasSize(50).isSorted();
        }
    }

    @Test
    @DisplayName("different keys run at once, as many as the concurrency and never more")
    final void keysRunInParallelUpToTheConcurrency() {
        String orders = destination(1);
        CountDownLatch four = new CountDownLatch(4);
        publish(
                orders,
                IntStream.range(0, 40)
                        .mapToObj(n -> message("m" + n, "key-" + n))
                        .toList());
        subscribe(client(), orders)
                .concurrency(4)
                .handler(effects.by("only", delivery -> {
                    four.countDown();
                    awaitSignal(four);
                }))
                .start();
        awaitEffects(40);
        assertThat(effects.mostRunning()).isEqualTo(4);
    }

    @Test
    @DisplayName("a key is held until its stage completes, and stages count towards the concurrency")
    final void asyncHandlersHoldTheirKeyUntilTheStageCompletes() {
        String orders = destination(1);
        // One after another: published at once, other keys may be stored in another order.
        for (String id : List.of("a1", "a2", "b1", "c1")) {
            publish(orders, message(id, id.substring(0, 1)));
        }
        Map<String, CompletableFuture<Void>> stages = new ConcurrentHashMap<>();
        subscribe(client(), orders)
                .concurrency(2)
                .asyncHandler(delivery -> {
                    effects.add(Effects.effect("only", delivery));
                    return stages.computeIfAbsent(delivery.id(), id -> new CompletableFuture<>());
                })
                .start();
        await().until(() -> stages.size() == 2);
        assertThat(stages.keySet()).isEqualTo(Set.of("a1", "b1"));
        holdsFor(Duration.ofSeconds(2), () -> assertThat(stages).hasSize(2));
        complete(stages, "b1");
        await().until(() -> stages.containsKey("c1"));
        complete(stages, "c1");
        holdsFor(Duration.ofSeconds(2), () -> assertThat(stages).doesNotContainKey("a2"));
        complete(stages, "a1");
        await().until(() -> stages.containsKey("a2"));
        complete(stages, "a2");
        assertThat(effects.ids())
                .as("keys run in parallel, so only the order within a key is promised")
                .containsExactlyInAnyOrder("a1", "b1", "c1", "a2")
                .containsSubsequence("a1", "a2");
    }

    private static void complete(Map<String, CompletableFuture<Void>> stages, String id) {
        stages.computeIfAbsent(id, missing -> new CompletableFuture<>()).complete(null);
    }

    @Test
    @DisplayName("unordered messages of one key run at once")
    final void unorderedMessagesOfOneKeyRunInParallel() {
        String orders = destination(1);
        CountDownLatch both = new CountDownLatch(2);
        publish(orders, message("1", "a"), message("2", "a"));
        subscribe(client(), orders)
                .ordering(Ordering.UNORDERED)
                .handler(effects.by("only", delivery -> {
                    both.countDown();
                    awaitSignal(both);
                }))
                .start();
        awaitHandled("1", "2");
        assertThat(effects.overlaps()).containsExactly("a");
    }
}
