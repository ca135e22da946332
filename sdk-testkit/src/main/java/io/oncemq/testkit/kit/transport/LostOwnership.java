package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

abstract class LostOwnership extends Scenario {
    LostOwnership(TransportKit kit) {
        super(kit);
    }

    @Test
    @Tag("slow")
    @DisplayName("D2 D3 O3 a process that was frozen past its lease is interrupted and fenced when it wakes")
    final void stoppedProcessIsFencedWhenItWakes() {
        String orders = destination(1);
        Member frozen = closing(Member.start(fixture, orders, GROUP));
        publish(orders, message("1", "a", Member.HOLD), message("2", "a"));
        long staleToken = Long.parseLong(frozen.awaitLine("BEGIN 1").split(" ")[4]);
        frozen.pause();
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitHandled("1", "2");
        frozen.resume();
        assertThat(frozen.awaitLine("INTERRUPTED 1")).isEqualTo("INTERRUPTED 1 false");
        publish(orders, message("3", "a"));
        awaitHandled("3");
        assertThat(frozen.ledger().effects()).doesNotContain("1", "2");
        assertThat(effects.ids()).containsExactly("1", "2", "3");
        assertThat(effects.all())
                .extracting(Effect::token)
                .allSatisfy(token -> assertThat(token).isGreaterThan(staleToken));
    }
}
