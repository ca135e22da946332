package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.StartPosition;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Positions extends Scenario {
    Positions(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("K4 a tombstone reaches the handler as a null body")
    final void tombstoneReachesTheHandler() {
        String orders = destination(1);
        publish(
                orders,
                message("1", "a"),
                OutboundMessage.<String>tombstone("a").id("2"),
                message("3", "a"));
        subscribe(client(), orders).handler(effects.by("only")).start();
        awaitHandled("1", "2", "3");
        assertThat(effects.all()).extracting(Effect::body).containsExactly("1", null, "3");
    }

    @Test
    @DisplayName("K3 a new group starts at the earliest message")
    final void newGroupStartsAtTheEarliest() {
        String orders = destination(3);
        publish(
                orders,
                IntStream.range(0, 50)
                        .mapToObj(n -> message("m" + n, "key-" + n))
                        .toList());
        subscribe(client(), orders).handler(effects.by("only")).start();
        awaitEffects(50);
        assertThat(effects.repeated()).isEmpty();
    }

    @Test
    @DisplayName(
            "K3 ensure without a number of partitions takes a destination as it is, and adds the group to all of them")
    final void ensureWithoutPartitionsTakesADestinationAsItIs() {
        String orders = destination(3);
        plainClient().ensure(DestinationSpec.builder(orders).group("late").build());
        publish(
                orders,
                IntStream.range(0, 30)
                        .mapToObj(n -> message("m" + n, "key-" + n))
                        .toList());
        subscribe(client(), orders, "late").handler(effects.by("late")).start();
        awaitEffects(30);
        assertThat(effects.repeated()).isEmpty();
    }

    @Test
    @Requires(Feature.START_POSITION)
    @DisplayName("K3 a new group that starts at the latest skips what was there, and nothing that comes")
    final void latestSkipsWhatWasThere() {
        String orders = destination(2);
        publish(orders, message("old1", "a"), message("old2", "b"));
        MessagingClient first = client();
        subscribe(first, orders)
                .startAt(StartPosition.LATEST)
                .handler(effects.by("first"))
                .start();
        publish(orders, message("1", "a"), message("2", "b"));
        awaitHandled("1", "2");
        first.close();
        publish(orders, message("3", "a"), message("4", "b"));
        subscribe(client(), orders)
                .startAt(StartPosition.LATEST)
                .handler(effects.by("second"))
                .start();
        awaitHandled("3", "4");
        assertThat(effects.ids()).containsExactlyInAnyOrder("1", "2", "3", "4");
    }

    @Test
    @DisplayName("K4 K5 what was settled before a close does not come back, even where no store would suppress it")
    final void settledMessagesDoNotComeBack() {
        String orders = destination(2);
        MessagingClient first = clientWithoutStore();
        subscribe(first, orders).handler(effects.by("first")).start();
        publish(
                orders,
                IntStream.range(0, 200)
                        .mapToObj(n -> message("m" + n, "key-" + n % 9))
                        .toList());
        awaitEffects(200);
        first.close();
        subscribe(clientWithoutStore(), orders).handler(effects.by("second")).start();
        publish(
                orders,
                IntStream.range(0, 9)
                        .mapToObj(n -> message("end" + n, "key-" + n))
                        .toList());
        awaitEffects(209);
        assertThat(effects.repeated()).isEmpty();
    }
}
