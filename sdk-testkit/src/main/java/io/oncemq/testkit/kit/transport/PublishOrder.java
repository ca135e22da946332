package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Codecs;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class PublishOrder extends Scenario {
    private static final int KEYS = 5;
    private static final int BURST = 500;

    PublishOrder(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("P2 the first copies of each key lie in the order of publishing, through cut connections")
    final void keepsTheOrderOfEachKeyThroughSeveredConnections() {
        String orders = destination(3);
        Publisher<String> publisher = plainClient()
                .publisher(
                        orders,
                        Codecs.string(),
                        PATIENT.toBuilder().maxInFlight(200).build());
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (int n = 0; n < BURST * 3; n++) {
            if (n % BURST == BURST / 2) {
                fixture.severConnections();
            }
            receipts.add(publisher.publish(message("m" + n, "key-" + n % KEYS, Integer.toString(n))));
        }
        assertThat(receipts).allSatisfy(receipt -> assertThat(receipt.join()).isNotNull());
        assertStoredInOrder(orders, BURST * 3);
    }

    @Test
    @DisplayName("K15 a destination that was created a moment ago takes a burst at once, in order")
    final void freshDestinationTakesABurstAtOnce() {
        for (int round = 0; round < 3; round++) {
            String orders = destination(4);
            publish(
                    orders,
                    IntStream.range(0, BURST)
                            .mapToObj(n -> message("m" + n, "key-" + n % KEYS, Integer.toString(n)))
                            .toList());
            assertStoredInOrder(orders, BURST);
        }
    }

    private void assertStoredInOrder(String destination, int count) {
        List<RawMessage> stored = fixture.readRaw(destination);
        assertThat(stored.stream().map(RawMessage::text).distinct()).hasSize(count);
        for (int key = 0; key < KEYS; key++) {
            String name = "key-" + key;
            List<Integer> numbers = stored.stream()
                    .filter(message -> name.equals(message.key()))
                    .map(message -> Integer.valueOf(message.text()))
                    .distinct()
                    .toList();
            assertThat(numbers).as(name).isSorted();
        }
    }
}
