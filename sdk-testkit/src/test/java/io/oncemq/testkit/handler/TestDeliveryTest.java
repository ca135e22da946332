package io.oncemq.testkit.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.oncemq.ConfigurationException;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestDeliveryTest {
    private final RecordingPublisher<String> receipts = RecordingPublisher.to("receipts");

    @Test
    void aPlainDeliveryIsAFirstAttemptThatIsOwned() {
        TestDelivery<String> delivery = TestDelivery.of("body");
        assertThat(delivery.body()).isEqualTo("body");
        assertThat(delivery.key()).isNull();
        assertThat(delivery.headers().size()).isZero();
        assertThat(delivery.attribute("type")).isEmpty();
        assertThat(delivery.attempt()).isOne();
        assertThat(delivery.redelivered()).isFalse();
        assertThat(delivery.replay()).isEmpty();
        assertThat(delivery.isOwned()).isTrue();
        assertThat(delivery.derived()).isEmpty();
    }

    @Test
    void twoDeliveriesDifferInIdPositionAndToken() {
        TestDelivery<String> one = TestDelivery.of("same");
        TestDelivery<String> other = TestDelivery.of("same");
        assertThat(other.id()).isNotEqualTo(one.id());
        assertThat(other.position()).isNotEqualTo(one.position());
        assertThat(other.fencingToken().orElseThrow())
                .isGreaterThan(one.fencingToken().orElseThrow());
    }

    @Test
    void saysWhatTheBuilderWasTold() {
        TestDelivery<String> delivery = TestDelivery.<String>builder(null)
                .id("paid-7")
                .key("ann")
                .header("tenant", "a")
                .header("raw", "b".getBytes(StandardCharsets.UTF_8))
                .attribute("type", "order.paid")
                .attempt(3)
                .position("orders-2", 17)
                .replay("again")
                .timestamp(Instant.EPOCH)
                .fencingToken(99)
                .build();
        assertThat(delivery.body()).isNull();
        assertThat(delivery.id()).isEqualTo("paid-7");
        assertThat(delivery.key()).isEqualTo("ann");
        assertThat(delivery.headers().text("tenant")).isEqualTo("a");
        assertThat(delivery.headers().text("raw")).isEqualTo("b");
        assertThat(delivery.attribute("type")).contains("order.paid");
        assertThat(delivery.attempt()).isEqualTo(3);
        assertThat(delivery.redelivered()).isTrue();
        assertThat(delivery.position()).isEqualTo(new Position("orders-2", 17));
        assertThat(delivery.replay()).contains("again");
        assertThat(delivery.timestamp()).isEqualTo(Instant.EPOCH);
        assertThat(delivery.fencingToken()).hasValue(99);
        assertThat(TestDelivery.builder("x").withoutFencingToken().build().fencingToken())
                .isEmpty();
        assertThat(TestDelivery.builder("x").redelivered().build().redelivered())
                .isTrue();
        assertThatThrownBy(() -> TestDelivery.builder("x").attempt(0)).hasMessageContaining("the first attempt is 1");
    }

    @Test
    void aBuilderThatChangesLaterChangesNoDelivery() {
        TestDelivery.Builder<String> builder = TestDelivery.builder("body").header("a", "1");
        TestDelivery<String> delivery = builder.build();
        builder.id("other").header("b", "2").attribute("type", "t").attempt(2);
        assertThat(delivery.id()).isNotEqualTo("other");
        assertThat(delivery.headers().names()).containsExactly("a");
        assertThat(delivery.attribute("type")).isEmpty();
        assertThat(delivery.attempt()).isOne();
    }

    @Test
    void recordsWhatTheHandlerDerives() {
        TestDelivery<String> delivery = TestDelivery.of("order");
        RecordingPublisher<Integer> counts = RecordingPublisher.to("counts");
        OutboundMessage<String> mail = OutboundMessage.of("to ann");
        OutboundMessage<String> copy = OutboundMessage.of("to bob");
        delivery.publishOnSuccess(receipts, mail);
        delivery.publishOnSuccess(counts, OutboundMessage.of(1));
        delivery.publishOnSuccess(receipts, "copy", copy);
        assertThat(delivery.derived(receipts)).containsExactly(mail, copy);
        assertThat(delivery.derived())
                .extracting(DerivedMessage::destination, DerivedMessage::name)
                .containsExactly(tuple("receipts", ""), tuple("counts", ""), tuple("receipts", "copy"));
        assertThat(receipts.published()).as("sent before the handler's end").isEmpty();
    }

    @Test
    void refusesWhatARealDeliveryRefuses() {
        TestDelivery<String> delivery = TestDelivery.of("order");
        assertThatThrownBy(() -> delivery.publishOnSuccess(
                        receipts, OutboundMessage.of("a").id("own")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("carries an id of its own");
        delivery.publishOnSuccess(receipts, OutboundMessage.of("a"));
        assertThatThrownBy(() -> delivery.publishOnSuccess(receipts, OutboundMessage.of("b")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("already has a derived message");
        delivery.end();
        assertThatThrownBy(() -> delivery.publishOnSuccess(receipts, "late", OutboundMessage.of("c")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(delivery.derived(receipts)).hasSize(1);
    }

    @Test
    void canLoseItsClaim() {
        TestDelivery<String> delivery = TestDelivery.of("order");
        delivery.lose();
        assertThat(delivery.isOwned()).isFalse();
    }

    @Test
    void printsNoBody() {
        assertThat(List.of(TestDelivery.of("secret")).toString()).doesNotContain("secret");
    }
}
