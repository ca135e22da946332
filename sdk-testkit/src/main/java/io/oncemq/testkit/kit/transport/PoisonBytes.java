package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Headers;
import io.oncemq.MessagingEvent.DeadLettered;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class PoisonBytes extends Scenario {
    private static final byte[] NOT_TEXT = {(byte) 0xc3, (byte) 0x28, 0, (byte) 0xff};

    PoisonBytes(TransportKit kit) {
        super(kit);
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("K10 a body that cannot be decoded is dead-lettered with its bytes, and its key continues")
    final void undecodableBodyGoesToTheDeadLetterAsItCame() {
        String orders = destination(1);
        publish(orders, message("1", "a"));
        fixture.publishRaw(orders, new RawMessage("a", Headers.empty(), NOT_TEXT));
        publish(orders, message("2", "a"));
        subscribe(client(), orders).handler(effects.by("only")).start();
        awaitHandled("2");
        assertThat(effects.ids()).containsExactly("1", "2");
        assertThat(effects.starts()).hasSize(2);
        awaitEvent(DeadLettered.class);
        assertThat(fixture.readRaw(DestinationSpec.deadLetterName(orders, GROUP)))
                .extracting(RawMessage::body)
                .containsExactly(NOT_TEXT);
    }
}
