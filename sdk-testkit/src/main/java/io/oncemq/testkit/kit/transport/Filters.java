package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.MessageFilter;
import io.oncemq.MessagingClient;
import io.oncemq.Ordering;
import io.oncemq.OutboundMessage;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Filters extends Scenario {
    private static final String OTHER = "shipping";
    private static final MessageFilter PAID = MessageFilter.types("order.paid", "order.repaid");

    /** More than a consumer may have unacknowledged. */
    private static final int UNWANTED = 300;

    Filters(TransportKit kit) {
        super(kit);
    }

    @Test
    @Requires(Feature.FILTER)
    @DisplayName(
            "a group gets what its filter names, in order, through any number of others, and another group gets all")
    final void aGroupGetsWhatItsFilterNamesInOrderAndOthersGetAll() {
        String orders = destination();
        MessagingClient first = client();
        publish(orders, of("order.seen", 0, UNWANTED));
        publish(orders, of("order.paid", UNWANTED, UNWANTED + 10));
        subscribe(first, orders).filter(PAID).handler(effects.by(GROUP)).start();
        await().untilAsserted(() -> assertThat(handledBy(GROUP)).hasSize(10));
        first.close();
        publish(orders, of("order.seen", 400, 420));
        publish(orders, of("order.repaid", 420, 425));
        subscribe(client(), orders).filter(PAID).handler(effects.by(GROUP)).start();
        await().untilAsserted(() -> assertThat(handledBy(GROUP)).hasSize(15));
        subscribe(client(), orders, OTHER).handler(effects.by(OTHER)).start();
        await().untilAsserted(() -> assertThat(handledBy(OTHER)).hasSize(UNWANTED + 35));
        assertThat(handledBy(GROUP)).containsExactlyElementsOf(ids(UNWANTED, UNWANTED + 10, 420, 425));
        assertThat(handledBy(OTHER)).containsExactlyElementsOf(ids(0, UNWANTED + 10, 400, 425));
    }

    private String destination() {
        DestinationSpec spec = DestinationSpec.builder("kit-" + UUID.randomUUID())
                .group(GROUP, Ordering.PER_KEY, PAID)
                .group(OTHER)
                .build();
        plainClient().ensure(spec);
        fixture.created(spec.name());
        return spec.name();
    }

    private static List<OutboundMessage<String>> of(String type, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> message("m" + n, "a").type(type))
                .toList();
    }

    private static List<String> ids(int from, int to, int thenFrom, int thenTo) {
        return IntStream.concat(IntStream.range(from, to), IntStream.range(thenFrom, thenTo))
                .mapToObj(n -> "m" + n)
                .toList();
    }

    private List<String> handledBy(String group) {
        return effects.all().stream()
                .filter(effect -> effect.consumer().equals(group))
                .map(Effect::id)
                .toList();
    }
}
