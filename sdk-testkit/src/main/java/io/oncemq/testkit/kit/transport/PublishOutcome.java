package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.oncemq.Codecs;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class PublishOutcome extends Scenario {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    /** Far less than a future that never ends, far more than a busy machine needs. */
    private static final long SOON = DEADLINE.plusSeconds(20).toMillis();

    PublishOutcome(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("a confirmed message lies on the broker and is handled once")
    final void confirmedMessageIsHandledOnce() {
        String orders = destination(1);
        Receipt receipt = publish(orders, message("1", "a", "paid")).get(0);
        publish(orders, message("end", "a"));
        subscribe(client(), orders).handler(effects.by("only")).start();
        awaitHandled("end");
        assertThat(receipt.id()).isEqualTo("1");
        assertThat(receipt.destination()).isEqualTo(orders);
        assertThat(effects.ids()).containsExactly("1", "end");
        assertThat(fixture.readRaw(orders)).extracting(RawMessage::text).containsExactly("paid", "end");
    }

    @Test
    @DisplayName("CloudEvents attributes reach the handler under one name on every broker")
    final void attributesReachTheHandler() {
        String orders = destination(1);
        publish(
                orders,
                message("1", "a")
                        .source("/shop")
                        .type("order.paid")
                        .attribute("correlationid", "żółw 7")
                        .attribute("causationid", "cart-3"));
        Map<String, Optional<String>> read = new ConcurrentHashMap<>();
        subscribe(client(), orders)
                .handler(effects.by("only", delivery -> {
                    for (String name :
                            List.of("id", "source", "type", "specversion", "correlationid", "causationid", "subject")) {
                        read.put(name, delivery.attribute(name));
                    }
                }))
                .start();
        awaitHandled("1");
        assertThat(read)
                .isEqualTo(Map.of(
                        "id", Optional.of("1"),
                        "source", Optional.of("/shop"),
                        "type", Optional.of("order.paid"),
                        "specversion", Optional.of("1.0"),
                        "correlationid", Optional.of("żółw 7"),
                        "causationid", Optional.of("cart-3"),
                        "subject", Optional.empty()));
    }

    @Test
    @DisplayName("P1 a silent broker ends the publish as unknown by its deadline, and later ones as not stored")
    final void silentBrokerEndsThePublishByItsDeadline() throws Exception {
        String orders = destination(1);
        Publisher<String> publisher = impatient(orders);
        confirm(publisher, message("0", "a"));
        fixture.pauseBroker();
        CompletableFuture<Receipt> first = publisher.publish(message("1", "a"));
        CompletableFuture<Receipt> second = publisher.publish(message("2", "a"));
        assertThatThrownBy(() -> first.get(SOON, TimeUnit.MILLISECONDS))
                .hasCauseInstanceOf(PublishOutcomeUnknownException.class);
        assertThatThrownBy(() -> second.get(SOON, TimeUnit.MILLISECONDS))
                .cause()
                .isInstanceOfAny(PublishRejectedException.class, PublishOutcomeUnknownException.class);
        assertThatThrownBy(() -> publisher.publish(message("3", "a")).get(SOON, TimeUnit.MILLISECONDS))
                .cause()
                .asInstanceOf(type(PublishRejectedException.class))
                .returns(Reason.KEY_FROZEN, PublishRejectedException::reason);
    }

    @Test
    @DisplayName("P1 publishing the same id again after an unknown outcome has one effect and unblocks the key")
    final void publishingTheSameIdAgainAfterUnknownHasOneEffect() {
        String orders = destination(1);
        Publisher<String> publisher = impatient(orders);
        confirm(publisher, message("0", "a"));
        fixture.pauseBroker();
        CompletableFuture<Receipt> unknown = publisher.publish(message("1", "a"));
        assertThatThrownBy(unknown::join).hasCauseInstanceOf(PublishOutcomeUnknownException.class);
        fixture.resumeBroker();
        confirm(publisher, message("1", "a"));
        confirm(publisher, message("2", "a"));
        subscribe(client(), orders).handler(effects.by("only")).start();
        awaitHandled("2");
        assertThat(effects.ids()).containsExactly("0", "1", "2");
    }

    @Test
    @DisplayName("P1 abandoning an unknown message unblocks its key")
    final void abandoningThawsTheKey() {
        String orders = destination(1);
        Publisher<String> publisher = impatient(orders);
        confirm(publisher, message("0", "a"));
        fixture.pauseBroker();
        CompletableFuture<Receipt> unknown = publisher.publish(message("1", "a"));
        assertThatThrownBy(unknown::join).hasCauseInstanceOf(PublishOutcomeUnknownException.class);
        fixture.resumeBroker();
        assertThat(publisher.abandon("1")).isTrue();
        assertThat(publisher.abandon("1")).isFalse();
        confirm(publisher, message("2", "a"));
    }

    @Test
    @DisplayName("an oversized message is rejected as such, and its neighbours are confirmed")
    final void oversizedMessageIsRejected() {
        String orders = destination(1);
        Publisher<byte[]> publisher = plainClient().publisher(orders, Codecs.bytes(), PATIENT);
        CompletableFuture<Receipt> before = publisher.publish(OutboundMessage.of(new byte[1]));
        CompletableFuture<Receipt> large = publisher.publish(OutboundMessage.of(new byte[fixture.oversizedBody()]));
        CompletableFuture<Receipt> behind = publisher.publish(OutboundMessage.of(new byte[2]));
        assertThatThrownBy(large::join)
                .cause()
                .asInstanceOf(type(PublishRejectedException.class))
                .returns(Reason.TOO_LARGE, PublishRejectedException::reason);
        before.join();
        behind.join();
        assertThat(fixture.readRaw(orders))
                .extracting(stored -> stored.text().length())
                .containsOnly(1, 2);
    }

    private Publisher<String> impatient(String destination) {
        return plainClient()
                .publisher(
                        destination,
                        Codecs.string(),
                        PublisherOptions.builder().deadline(DEADLINE).build());
    }

    /** Publishes until confirmed: while it connects, and right after an outage, the short deadline may pass. */
    private void confirm(Publisher<String> publisher, OutboundMessage<String> message) {
        await().ignoreException(CompletionException.class)
                .until(() -> publisher.publish(message).join() != null);
    }
}
