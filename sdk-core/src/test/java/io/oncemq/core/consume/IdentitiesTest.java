package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Headers;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.Shard.AcknowledgeMode;
import org.junit.jupiter.api.Test;

class IdentitiesTest {
    private static final Shard SHARD = new Shard("orders.billing.0", 1, AcknowledgeMode.INDIVIDUAL);

    @Test
    void aMessageWithoutIdIsNamedByItsPlace() {
        Identity identity = new Identities("orders", "ce_", null).of(SHARD, message(7, 42, "t1"));
        assertThat(identity.id()).isEqualTo("orders.billing.0@42#t1");
        assertThat(identity.record()).isNotNull();
    }

    @Test
    void whereTheBrokerNumbersNothingEachDeliveryIsAMessageOfItsOwn() {
        Identities identities = new Identities("orders", "ce_", null);
        Shard later = new Shard("orders.billing.0", 2, AcknowledgeMode.INDIVIDUAL);
        Identity first = identities.of(SHARD, message(1, -1, ""));
        assertThat(first.record()).isNull();
        assertThat(identities.of(SHARD, message(2, -1, "")).id()).isNotEqualTo(first.id());
        assertThat(identities.of(later, message(1, -1, "")).id()).isNotEqualTo(first.id());
        assertThat(new Identities("orders", "ce_", null)
                        .of(SHARD, message(1, -1, ""))
                        .id())
                .as("another process")
                .isNotEqualTo(first.id());
    }

    private static InboundMessage message(long tag, long offset, String incarnation) {
        return new InboundMessage(tag, offset, "a", null, incarnation, Headers.empty(), new byte[0], 0, false, 1);
    }
}
