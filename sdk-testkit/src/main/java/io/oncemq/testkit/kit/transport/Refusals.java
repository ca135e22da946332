package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.oncemq.Capabilities;
import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.MessageFilter;
import io.oncemq.MessageQuery;
import io.oncemq.MessagingClient;
import io.oncemq.Ordering;
import io.oncemq.OutboundMessage;
import io.oncemq.Replay;
import io.oncemq.StartPosition;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.UnsupportedFeatureException;
import io.oncemq.spi.BrokerTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Refusals extends Scenario {
    Refusals(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("a missing group is named, with a remedy")
    final void missingGroupIsNamed() {
        String orders = destination(1);
        assertRefused(
                "group",
                () -> client().subscription(orders, Codecs.string())
                        .handler(effects.by("only"))
                        .start());
    }

    @Test
    @DisplayName("a missing store is named, with a remedy")
    final void missingStoreIsNamed() {
        assertRefused(
                "idempotency",
                () -> MessagingClient.builder()
                        .transport(fixture.transport())
                        .build()
                        .close());
    }

    @Test
    @DisplayName("a missing destination is named, with a remedy")
    final void missingDestinationIsNamed() {
        assertThatThrownBy(() -> subscribe(client(), "kit-never-created")
                        .handler(effects.by("only"))
                        .start())
                .asInstanceOf(type(ConfigurationException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.value()).contains("kit-never-created");
                    assertThat(refusal.remedy()).isNotBlank();
                });
    }

    @Test
    @DisplayName("features that broker or version do not have are refused by their names")
    final void unsupportedFeaturesAreNamed() {
        String orders = destination(1);
        assertRefusedIfAbsent(orders, Feature.QUARANTINE, builder -> builder.crashPolicy(CrashPolicy.QUARANTINE));
        assertRefusedIfAbsent(orders, Feature.PARK_KEY, builder -> builder.deadLetter(DeadLetterPolicy.parkKey()));
        assertRefusedIfAbsent(
                orders, Feature.BLOCK_ON_EXHAUSTED, builder -> builder.deadLetter(DeadLetterPolicy.block()));
        assertRefusedIfAbsent(orders, Feature.START_POSITION, builder -> builder.startAt(StartPosition.LATEST));
        assertRefusedIfAbsent(
                orders, Feature.START_POSITION, builder -> builder.startAt(StartPosition.at(Instant.MAX)));
        String replayed = plainClient().capabilities().supports(Feature.REPLAY) ? replayable(1) : orders;
        Replay replay = Replay.again("refused", StartPosition.EARLIEST);
        assertRefusedIfAbsent(replayed, Feature.REPLAY, builder -> builder.replay(replay));
        MessageFilter paid = MessageFilter.types("order.paid");
        String filtered = plainClient().capabilities().supports(Feature.FILTER) ? filtered(paid) : orders;
        assertRefusedIfAbsent(filtered, Feature.FILTER, builder -> builder.filter(paid));
        assertRefusedIfAbsent(Feature.FIND, () -> plainClient().find(orders, MessageQuery.id("some-id")));
    }

    @Test
    @DisplayName(
            "what a message asks for is refused by name where the broker does not have it, and nothing is handed over")
    final void unsupportedOptionsOfAMessageAreNamed() {
        String orders = destination(1);
        Duration time = Duration.ofHours(1);
        assertRefusedIfAbsent(Feature.DELAYED_DELIVERY, publishing(orders, message -> message.delay(time)));
        assertRefusedIfAbsent(Feature.MESSAGE_TTL, publishing(orders, message -> message.timeToLive(time)));
        assertRefusedIfAbsent(Feature.PRIORITY, publishing(orders, message -> message.priority(9)));
        assertRefusedIfAbsent(
                Feature.DELAYED_DELIVERY,
                () -> plainClient()
                        .ensure(DestinationSpec.builder(orders).delays(time).build()));
        assertRefusedIfAbsent(
                Feature.REPLAY,
                () -> plainClient()
                        .ensure(DestinationSpec.builder(orders).history(time).build()));
        MessageFilter paid = MessageFilter.types("order.paid");
        assertRefusedIfAbsent(
                Feature.FILTER,
                () -> plainClient()
                        .ensure(DestinationSpec.builder(orders)
                                .group("paid", Ordering.PER_KEY, paid)
                                .build()));
    }

    private String filtered(MessageFilter filter) {
        DestinationSpec spec = DestinationSpec.builder("kit-" + UUID.randomUUID())
                .group(GROUP, Ordering.PER_KEY, filter)
                .build();
        plainClient().ensure(spec);
        return spec.name();
    }

    private ThrowingCallable publishing(String destination, UnaryOperator<OutboundMessage<String>> options) {
        return () -> publisher(destination).publish(options.apply(OutboundMessage.of("body")));
    }

    @Test
    @DisplayName("bounds out of range are named, with a remedy")
    final void boundsAreChecked() {
        String orders = destination(1);
        assertRefused(
                "concurrency",
                () -> subscribe(client(), orders)
                        .concurrency(0)
                        .handler(effects.by("only"))
                        .start());
        assertRefused(
                "maxInFlight",
                () -> subscribe(client(), orders)
                        .concurrency(8)
                        .maxInFlight(7)
                        .handler(effects.by("only"))
                        .start());
        assertRefused("handler", () -> subscribe(client(), orders).start());
        assertRefused("id", () -> message("x".repeat(256), "a"));
    }

    @Test
    @DisplayName("a group that the broker keeps no messages for is named, with a remedy")
    final void unknownGroupIsNamed() {
        String orders = destination(1);
        ThrowingCallable start = () -> subscribe(client(), orders, "nobody")
                .deadLetter(DeadLetterPolicy.to(DestinationSpec.deadLetterName(orders, GROUP)))
                .handler(effects.by("only"))
                .start()
                .close();
        try (BrokerTransport transport = fixture.transport().open("groups")) {
            if (transport.hasGroup(orders, "nobody")) {
                assertThatCode(start).doesNotThrowAnyException();
            } else {
                assertRefused("group", start);
            }
        }
    }

    private void assertRefusedIfAbsent(
            String destination, Feature feature, UnaryOperator<SubscriptionBuilder<String>> setting) {
        assertRefusedIfAbsent(
                feature,
                () -> setting.apply(subscribe(client(), destination))
                        .handler(effects.by("only"))
                        .start()
                        .close());
    }

    private void assertRefusedIfAbsent(Feature feature, ThrowingCallable start) {
        Capabilities capabilities = plainClient().capabilities();
        if (capabilities.supports(feature)) {
            assertThatCode(start).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(start)
                    .asInstanceOf(type(UnsupportedFeatureException.class))
                    .returns(feature, UnsupportedFeatureException::feature)
                    .satisfies(refusal -> assertThat(refusal.remedy()).isNotBlank());
        }
    }

    private static void assertRefused(String property, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(type(ConfigurationException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.property()).contains(property);
                    assertThat(refusal.value()).isNotEmpty();
                    assertThat(refusal.remedy()).isNotBlank();
                });
    }
}
