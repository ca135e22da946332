package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.OutboundMessage;
import io.oncemq.Replay;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.core.WireHeaders;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Broadcast extends Scenario {
    private static final String NEWS = "news";
    private static final int KEYS = 5;

    Broadcast(TransportKit kit) {
        super(kit);
    }

    @Test
    @Requires(Feature.BROADCAST)
    @DisplayName(
            "two instances both handle every message once, each key in its order, and suppress duplicates each for itself")
    final void eachInstanceHandlesEveryMessageOnceInOrder() {
        String prices = destination();
        instance(prices, "one", client()).handler(effects.by("one")).start();
        instance(prices, "two", client()).handler(effects.by("two")).start();
        publish(prices, messages(0, 100));
        publish(prices, messages(0, 10));
        publish(prices, messages(100, 105));
        awaitEffects(210);
        await().untilAsserted(
                        () -> assertThat(events.of(DuplicateSuppressed.class)).hasSizeGreaterThanOrEqualTo(20));
        assertHandledOnceInOrder("one", 105);
        assertHandledOnceInOrder("two", 105);
        assertThat(effects.size()).isEqualTo(210);
    }

    @Test
    @Requires(Feature.BROADCAST)
    @DisplayName("an instance that was closed continues where it stopped: nothing is lost, nothing comes twice")
    final void anInstanceThatWasAwayGoesOnWhereItStopped() {
        String prices = destination();
        MessagingClient first = clientWithoutStore();
        instance(prices, "one", first)
                .startAt(StartPosition.LATEST)
                .handler(effects.by("one"))
                .start();
        instance(prices, "two", clientWithoutStore()).handler(effects.by("two")).start();
        publish(prices, messages(0, 50));
        awaitAtLeastEffects(100);
        first.close();
        publish(prices, messages(50, 100));
        await().untilAsserted(() -> assertThat(handledBy("two")).hasSize(100));
        instance(prices, "one", clientWithoutStore())
                .startAt(StartPosition.LATEST)
                .handler(effects.by("one"))
                .start();
        await().untilAsserted(() -> assertThat(handledBy("one")).hasSizeGreaterThanOrEqualTo(100));
        publish(prices, messages(100, 105));
        awaitAtLeastEffects(210);
        assertHandledOnceInOrder("one", 105);
        assertHandledOnceInOrder("two", 105);
    }

    @Test
    @Requires({Feature.BROADCAST, Feature.DEAD_LETTER})
    @DisplayName(
            "what an instance fails on lies once for it in the dead letters of the group, and concerns no other instance")
    final void aFailureOfOneInstanceConcernsNoOther() {
        String prices = destination();
        for (String name : List.of("one", "two", "three")) {
            instance(prices, name, client())
                    .retry(RetryPolicy.none())
                    .handler(effects.by(name, price -> {
                        if (price.id().equals("m3") && !name.equals("three")) {
                            throw new IllegalStateException(name + " cannot");
                        }
                    }))
                    .start();
        }
        publish(prices, messages(0, 20));
        awaitEffects(3 * 20 - 2);
        await().untilAsserted(() -> assertThat(events.of(DeadLettered.class)).hasSize(2));
        List<RawMessage> dead = fixture.readRaw(DestinationSpec.deadLetterName(prices, NEWS));
        assertThat(dead)
                .extracting(letter -> letter.headers().text(WireHeaders.DEAD_LETTER_GROUP))
                .containsExactlyInAnyOrder(NEWS + "@one", NEWS + "@two");
        assertThat(dead)
                .extracting(letter -> letter.headers().text(WireHeaders.DEAD_LETTER_ID))
                .containsOnly("m3");
        assertThat(handledBy("three")).hasSize(20);
    }

    @Test
    @Requires(Feature.BROADCAST)
    @DisplayName("an invalid instance name is refused by the name of the setting")
    final void namesThatCouldBeConfusedAreRefused() {
        SubscriptionBuilder<String> builder = subscribe(plainClient(), "any", NEWS);
        for (String name : List.of("", " ", "a.b", "a/b", "x".repeat(101))) {
            assertThatThrownBy(() -> builder.broadcast(name))
                    .asInstanceOf(type(ConfigurationException.class))
                    .returns("broadcast", ConfigurationException::property);
        }
    }

    @Test
    @Requires(Feature.BROADCAST)
    @DisplayName("a replay is for a whole group, not for one of its instances")
    final void anInstanceReplaysNothing() {
        String prices = destination();
        assertThatThrownBy(() -> instance(prices, "one", client())
                        .replay(Replay.again("once-more", StartPosition.EARLIEST))
                        .handler(effects.by("one"))
                        .start())
                .asInstanceOf(type(ConfigurationException.class))
                .returns("replay", ConfigurationException::property);
    }

    /** Of three shards, with dead letters of the group and no group that shares its messages. */
    private String destination() {
        DestinationSpec spec = DestinationSpec.builder("kit-" + UUID.randomUUID())
                .partitions(3)
                .broadcast(NEWS)
                .build();
        plainClient().ensure(spec);
        fixture.created(spec.name());
        fixture.created(DestinationSpec.deadLetterName(spec.name(), NEWS));
        return spec.name();
    }

    private static SubscriptionBuilder<String> instance(String destination, String name, MessagingClient client) {
        return subscribe(client, destination, NEWS).broadcast(name);
    }

    private static List<OutboundMessage<String>> messages(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> message("m" + n, "key-" + n % KEYS))
                .toList();
    }

    private List<String> handledBy(String instance) {
        return effects.all().stream()
                .filter(effect -> effect.consumer().equals(instance))
                .map(Effect::id)
                .toList();
    }

    private void assertHandledOnceInOrder(String instance, int count) {
        List<Effect> own = effects.all().stream()
                .filter(effect -> effect.consumer().equals(instance))
                .toList();
        assertThat(own).hasSize(count);
        for (int k = 0; k < KEYS; k++) {
            String key = "key-" + k;
            assertThat(own.stream().filter(effect -> key.equals(effect.key())).map(Effect::id))
                    .as(instance + " " + key)
                    .containsExactlyElementsOf(Stream.iterate(k, n -> n < count, n -> n + KEYS)
                            .map(n -> "m" + n)
                            .toList());
        }
    }
}
