package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingClient;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class FencingTokens extends Scenario {
    FencingTokens(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("each message of a key carries a larger token than the one before")
    final void growWithEveryClaimOfAKey() {
        String orders = destination(1);
        publish(orders, numbers(0, 100));
        subscribe(client(), orders).handler(effects.by("only")).start();
        awaitEffects(100);
        assertGrowing();
    }

    @Test
    @DisplayName("tokens grow across restarts of the consumer and of the store")
    final void growAcrossRestarts() {
        String orders = destination(1);
        MessagingClient first = client();
        subscribe(first, orders).handler(effects.by("first")).start();
        publish(orders, numbers(0, 20));
        awaitEffects(20);
        first.close();
        fixture.killStore();
        fixture.startStore();
        publish(orders, numbers(20, 40));
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitAtLeastEffects(40);
        assertGrowing();
    }

    private static List<io.oncemq.OutboundMessage<String>> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> message("m" + n, "a")).toList();
    }

    private void assertGrowing() {
        List<Long> tokens = effects.all().stream().map(Effect::token).toList();
        assertThat(tokens)
                .doesNotHaveDuplicates()
                .isSorted()
                .allSatisfy(token -> assertThat(token).isPositive());
    }
}
