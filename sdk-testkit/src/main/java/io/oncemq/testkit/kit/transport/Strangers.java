package io.oncemq.testkit.kit.transport;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Headers;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.Subscription;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Strangers extends Scenario {
    Strangers(TransportKit kit) {
        super(kit);
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName(
            "S8 whatever other programs write with the broker's own client is handled once, or dead-lettered once with its headers")
    final void whatOthersWriteIsHandledOnceOrDeadLetteredOnce() {
        String orders = destination(1);
        Map<String, Headers> seen = new ConcurrentHashMap<>();
        publish(orders, message("before", "a"));
        Subscription subscription = subscribe(client(), orders)
                .handler(effects.by("first", delivery -> seen.put(delivery.body(), delivery.headers())))
                .start();
        awaitHandled("before");
        List<Stranger> strangers = fixture.publishStrangers(orders);
        publish(orders, message("after", "a"));
        List<Stranger> handled = strangers.stream().filter(Stranger::handled).toList();
        List<Stranger> dead = strangers.stream().filter(each -> !each.handled()).toList();
        await().untilAsserted(() -> assertThat(effects.all())
                .extracting(Effect::body)
                .containsAll(names(handled).toList()));
        awaitHandled("after");
        await().untilAsserted(() -> assertThat(events.of(DeadLettered.class)).hasSize(dead.size()));
        assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
        assertThat(effects.all())
                .extracting(Effect::body)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("before", "after"), names(handled))
                        .toList());
        handled.forEach(each -> assertHas(each, requireNonNull(seen.get(each.name()))));
        assertDeadLettered(orders, dead);
        subscription.close();
        publish(orders, message("end", "a"));
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitHandled("end");
        assertThat(effects.size()).as("nothing comes again").isEqualTo(handled.size() + 3);
    }

    private void assertDeadLettered(String destination, List<Stranger> expected) {
        List<RawMessage> letters = fixture.readRaw(DestinationSpec.deadLetterName(destination, GROUP));
        assertThat(letters)
                .extracting(letter -> letter.headers().text(Stranger.NAME))
                .containsExactlyInAnyOrderElementsOf(names(expected).toList());
        for (Stranger each : expected) {
            letters.stream()
                    .filter(letter -> each.name().equals(letter.headers().text(Stranger.NAME)))
                    .forEach(letter -> assertHas(each, letter.headers()));
        }
    }

    private static void assertHas(Stranger stranger, Headers headers) {
        stranger.headers()
                .forEach((name, value) -> assertThat(
                                Objects.requireNonNull(headers).text(name))
                        .as("%s of %s", name, stranger.name())
                        .isEqualTo(value));
    }

    private static Stream<String> names(List<Stranger> strangers) {
        return strangers.stream().map(Stranger::name);
    }
}
