package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.ConfigurationException;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.DeliveryCompleted;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import java.time.Duration;
import java.util.List;
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
        subscribe(clientWithoutStore(), orders).handle(runs.by("shop", delivery -> {
            delivery.publish(
                    shipping, OutboundMessage.of("parcel " + delivery.id()).key("a"));
            delivery.publish(
                    shipping,
                    "label",
                    OutboundMessage.of("label " + delivery.id()).key("a"));
        }));
        subscribe(client(), parcels).handle(effects.by("mill"));
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
    @DisplayName("a handler that fails publishes nothing of that attempt")
    final void failedHandlerPublishesNothing() {
        String orders = destination(1);
        String parcels = destination(1);
        Publisher<String> shipping = publisher(parcels);
        publish(orders, message("1", "a"), message("2", "a"));
        subscribe(client(), orders).handle(effects.by("only", delivery -> {
            delivery.publish(shipping, OutboundMessage.of(delivery.id() + " in attempt " + delivery.attempt()));
            if (delivery.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
        }));
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
        subscribe(client(), orders).handle(effects.by("only", delivery -> {
            delivery.publish(shipping, OutboundMessage.of("one"));
            refuse(refusals, () -> delivery.publish(shipping, OutboundMessage.of("two")));
            refuse(
                    refusals,
                    () -> delivery.publish(
                            shipping, "named", OutboundMessage.of("three").id("own")));
        }));
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
        subscribe(client, orders).handle(effects.by("only", delivery -> {
            started.countDown();
            awaitSignal(brokerIsSilent);
            delivery.publish(
                    shipping, OutboundMessage.of("parcel " + delivery.id()).key("a"));
        }));
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
