package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Codecs;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class ConfirmedIsKept extends Scenario {
    private static final int KEYS = 20;
    private static final int MESSAGES = 1_000;

    ConfirmedIsKept(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("the broker is killed and started again amid publishing and consuming: one effect each, in order")
    final void brokerKilledWhilePublishingAndConsuming() {
        everythingHasOneEffectInOrder(List.of(() -> {
            fixture.killBroker();
            fixture.startBroker();
        }));
    }

    @Test
    @DisplayName("connections are cut three times amid publishing and consuming: one effect each, in order")
    final void connectionsSeveredWhilePublishingAndConsuming() {
        Runnable cut = fixture::severConnections;
        everythingHasOneEffectInOrder(List.of(cut, cut, cut));
    }

    /** Breaks something each time another share of the messages has had its effect. */
    private void everythingHasOneEffectInOrder(List<Runnable> faults) {
        String orders = destination(4);
        Publisher<String> publisher = plainClient()
                .publisher(
                        orders,
                        Codecs.string(),
                        PATIENT.toBuilder().maxInFlight(200).build());
        subscribe(client(), orders).handler(effects.by("only")).start();
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        int share = MESSAGES / (faults.size() + 1);
        for (int n = 0; n < MESSAGES; n++) {
            if (n > 0 && n % share == 0 && n / share <= faults.size()) {
                awaitAtLeastEffects(n / 2);
                faults.get(n / share - 1).run();
            }
            receipts.add(publisher.publish(numbered(n)));
        }
        assertThat(receipts).allSatisfy(receipt -> assertThat(receipt.join()).isNotNull());
        awaitEffects(MESSAGES);
        publish(orders, ends());
        awaitHandled(ends().stream().map(OutboundMessage::id).toArray(String[]::new));
        assertThat(effects.repeated()).isEmpty();
        assertThat(effects.size()).isEqualTo(MESSAGES + KEYS);
        IntStream.range(0, KEYS).forEach(this::assertOrdered);
    }

    private static OutboundMessage<String> numbered(int n) {
        return message("m" + n, "key-" + n % KEYS, Integer.toString(n));
    }

    /** One message after everything else for each key: when it is handled, no repeat of an earlier one is still on its way. */
    private static List<OutboundMessage<String>> ends() {
        return IntStream.range(0, KEYS)
                .mapToObj(key -> message("end" + key, "key-" + key, Integer.toString(MESSAGES)))
                .toList();
    }

    private void assertOrdered(int key) {
        List<Integer> numbers =
                effects.firstBodies("key-" + key).stream().map(Integer::valueOf).toList();
        assertThat(numbers).as("key-" + key).isSorted();
    }
}
