package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class ConsumerCrash extends Scenario {
    private static final int KEYS = 20;
    private static final int MESSAGES = 1_000;

    ConsumerCrash(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName(
            "D2 D4 a consumer killed midway: nothing is lost, first effects keep order, repeats were open at the kill")
    final void killedMidwayLosesNothingAndRepeatsOnlyItsCrashWindow() {
        String orders = destination(4);
        Member victim = closing(Member.start(fixture, orders, GROUP));
        publish(orders, message("warm", "warm"));
        victim.awaitLine("EFFECT warm");
        publish(
                orders,
                IntStream.range(0, MESSAGES)
                        .mapToObj(n -> message("m" + n, "key-" + n % KEYS, Integer.toString(n)))
                        .toList());
        await().until(() -> victim.ledger().effects().size() > 100);
        victim.kill();
        Ledger before = victim.ledger();
        subscribe(client(), orders).handler(effects.by("survivor")).start();
        await().until(() -> union(before.effects(), effects.ids()).size() == MESSAGES + 1);
        publish(
                orders,
                IntStream.range(0, KEYS)
                        .mapToObj(n -> message("end" + n, "key-" + n, "9999"))
                        .toList());
        awaitHandled(IntStream.range(0, KEYS).mapToObj(n -> "end" + n).toArray(String[]::new));

        Set<String> repeated = new HashSet<>(before.effects());
        repeated.retainAll(effects.ids());
        assertThat(repeated).doesNotContainAnyElementsOf(before.done()).hasSizeLessThanOrEqualTo(Member.CONCURRENCY);
        assertThat(effects.repeated()).isEmpty();
        assertFirstEffectsInOrder(Stream.concat(before.all("victim").stream(), effects.all().stream())
                .toList());
    }

    private static Set<String> union(List<String> some, List<String> more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private static void assertFirstEffectsInOrder(List<Effect> all) {
        for (int key = 0; key < KEYS; key++) {
            String name = "key-" + key;
            List<Integer> numbers = all.stream()
                    .filter(effect -> name.equals(effect.key()))
                    .map(effect -> Integer.valueOf(String.valueOf(effect.body())))
                    .distinct()
                    .toList();
            assertThat(numbers).as(name).isSorted();
        }
    }
}
