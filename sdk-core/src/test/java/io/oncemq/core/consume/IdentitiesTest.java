package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Headers;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.Shard.AcknowledgeMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentitiesTest {
    private static final Shard SHARD = new Shard("orders.billing.0", 1, AcknowledgeMode.INDIVIDUAL);

    @Test
    void aMessageWithoutIdIsNamedByItsPlace() {
        Identity identity = new Identities("orders", List.of("ce_"), null).of(SHARD, message(7, 42, "t1"));
        assertThat(identity.id()).isEqualTo("orders.billing.0@42#t1");
        assertThat(identity.record()).isNotNull();
    }

    @Test
    void whereTheBrokerNumbersNothingEachDeliveryIsAMessageOfItsOwn() {
        Identities identities = new Identities("orders", List.of("ce_"), null);
        Shard later = new Shard("orders.billing.0", 2, AcknowledgeMode.INDIVIDUAL);
        Identity first = identities.of(SHARD, message(1, -1, ""));
        assertThat(first.record()).isNull();
        assertThat(identities.of(SHARD, message(2, -1, "")).id()).isNotEqualTo(first.id());
        assertThat(identities.of(later, message(1, -1, "")).id()).isNotEqualTo(first.id());
        assertThat(new Identities("orders", List.of("ce_"), null)
                        .of(SHARD, message(1, -1, ""))
                        .id())
                .as("another process")
                .isNotEqualTo(first.id());
    }

    @Test
    void anotherSpellingCountsWhereTheFirstIsAbsent() {
        Identities identities = new Identities("orders", List.of("cloudEvents_", "cloudEvents:"), null);
        Headers other = Headers.builder()
                .add("cloudEvents:id", "1")
                .add("cloudEvents:source", "/shop")
                .build();
        Headers both = other.toBuilder().add("cloudEvents_id", "2").build();
        assertThat(identities.of(SHARD, message(other)).id()).isEqualTo("1");
        assertThat(identities.of(SHARD, message(other)).scope()).isEqualTo("/shop");
        assertThat(identities.of(SHARD, message(both)).id()).isEqualTo("2");
    }

    private static InboundMessage message(Headers headers) {
        return new InboundMessage(1, -1, "a", null, "", headers, new byte[0], 0, false, 1);
    }

    private static InboundMessage message(long tag, long offset, String incarnation) {
        return new InboundMessage(tag, offset, "a", null, incarnation, Headers.empty(), new byte[0], 0, false, 1);
    }
}
