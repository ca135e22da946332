package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.oncemq.ConfigurationException;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.DeliveryCompleted;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class DerivedMessages extends Scenario {
    DerivedMessages(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("P3 a handler that runs twice derives the same ids, and downstream has one effect")
    final void repeatedHandlerHasOneEffectDownstream() {
        String orders = destination(1);
        String parcels = destination(1);
        Publisher<String> shipping = publisher(parcels);
        Effects runs = new Effects();
        publish(orders, message("1", "a"), message("1", "a"), message("end", "a"));
        subscribe(clientWithoutStore(), orders)
                .handler(runs.by("shop", delivery -> {
                    delivery.publishOnSuccess(
                            shipping,
                            OutboundMessage.of("parcel " + delivery.id()).key("a"));
                    delivery.publishOnSuccess(
                            shipping,
                            "label",
                            OutboundMessage.of("label " + delivery.id()).key("a"));
                }))
                .start();
        subscribe(client(), parcels).handler(effects.by("mill")).start();
        awaitEffects(4);
        await().until(() -> fixture.readRaw(parcels).size() >= 6);
        publish(parcels, message("last", "a"));
        awaitHandled("last");
        assertThat(runs.ids()).containsExactly("1", "1", "end");
        assertThat(effects.all())
                .extracting(Effect::body)
                .containsExactly("parcel 1", "label 1", "parcel end", "label end", "last");
    }

    @Test
    @DisplayName("a derived message has the key of its delivery, unless it has another or withoutKey()")
    final void derivedMessageInheritsTheKey() {
        String orders = destination(1);
        String parcels = destination(3);
        Publisher<String> shipping = publisher(parcels);
        Map<String, String> keys = new ConcurrentHashMap<>();
        publish(orders, message("1", "customer-7"));
        subscribe(client(), orders)
                .handler(delivery -> {
                    delivery.publishOnSuccess(shipping, OutboundMessage.of("inherited"));
                    delivery.publishOnSuccess(
                            shipping, "own", OutboundMessage.of("own").key("parcel"));
                    delivery.publishOnSuccess(
                            shipping, "none", OutboundMessage.of("none").withoutKey());
                })
                .start();
        subscribe(client(), parcels)
                .handler(effects.by("mill", delivery -> keys.put(delivery.body(), String.valueOf(delivery.key()))))
                .start();
        awaitEffects(3);
        assertThat(keys).containsOnly(entry("inherited", "customer-7"), entry("own", "parcel"), entry("none", "null"));
    }

    @Test
    @DisplayName("a handler that fails publishes nothing of that attempt")
    final void failedHandlerPublishesNothing() {
        String orders = destination(1);
        String parcels = destination(1);
        Publisher<String> shipping = publisher(parcels);
        publish(orders, message("1", "a"), message("2", "a"));
        subscribe(client(), orders)
                .handler(effects.by("only", delivery -> {
                    delivery.publishOnSuccess(
                            shipping, OutboundMessage.of(delivery.id() + " in attempt " + delivery.attempt()));
                    if (delivery.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                }))
                .start();
        awaitHandled("2");
        await().until(() -> fixture.readRaw(parcels).size() == 2);
        assertThat(fixture.readRaw(parcels))
                .extracting(RawMessage::text)
                .containsExactly("1 in attempt 2", "2 in attempt 2");
    }

    @Test
    @DisplayName("a second derived message to one destination needs a name, and an id of its own is refused")
    final void secondToOneDestinationNeedsAName() {
        String orders = destination(1);
        Publisher<String> shipping = publisher(destination(1));
        List<Throwable> refusals = new CopyOnWriteArrayList<>();
        publish(orders, message("1", "a"));
        subscribe(client(), orders)
                .handler(effects.by("only", delivery -> {
                    delivery.publishOnSuccess(shipping, OutboundMessage.of("one"));
                    refuse(refusals, () -> delivery.publishOnSuccess(shipping, OutboundMessage.of("two")));
                    refuse(
                            refusals,
                            () -> delivery.publishOnSuccess(
                                    shipping,
                                    "named",
                                    OutboundMessage.of("three").id("own")));
                }))
                .start();
        awaitHandled("1");
        assertThat(refusals)
                .hasSize(2)
                .allSatisfy(refusal -> assertThat(refusal).isInstanceOf(ConfigurationException.class));
    }

    @Test
    @DisplayName("a message counts as done only after its derived messages are confirmed, and its key waits for that")
    final void confirmedBeforeDone() throws Exception {
        String orders = destination(1);
        String parcels = destination(1);
        MessagingClient client = client();
        Publisher<String> shipping = client.publisher(parcels, io.oncemq.Codecs.string(), PATIENT);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch brokerIsSilent = new CountDownLatch(1);
        publish(orders, message("1", "a"), message("2", "a"));
        subscribe(client, orders)
                .handler(effects.by("only", delivery -> {
                    started.countDown();
                    awaitSignal(brokerIsSilent);
                    delivery.publishOnSuccess(
                            shipping,
                            OutboundMessage.of("parcel " + delivery.id()).key("a"));
                }))
                .start();
        awaitSignal(started);
        fixture.pauseBroker();
        brokerIsSilent.countDown();
        awaitHandled("1");
        holdsFor(Duration.ofSeconds(1), () -> {
            assertThat(effects.starts()).hasSize(1);
            assertThat(events.of(DeliveryCompleted.class)).isEmpty();
        });
        fixture.resumeBroker();
        awaitHandled("2");
        await().untilAsserted(() -> assertThat(
                        fixture.readRaw(parcels).stream().map(RawMessage::text).distinct())
                .containsExactly("parcel 1", "parcel 2"));
    }

    private static void refuse(List<Throwable> refusals, Runnable call) {
        try {
            call.run();
        } catch (ConfigurationException e) {
            refusals.add(e);
        }
    }
}
