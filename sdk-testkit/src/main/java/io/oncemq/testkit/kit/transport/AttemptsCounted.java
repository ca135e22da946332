package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.BackOff;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

abstract class AttemptsCounted extends Scenario {
    AttemptsCounted(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("a message that always fails is started as often as its attempts say, and then dead-lettered")
    final void spentAttemptsEndInTheDeadLetter() {
        String orders = destination(1);
        publish(orders, message("1", "a"));
        subscribe(client(), orders)
                .retry(RetryPolicy.builder()
                        .fixed(Duration.ofMillis(10))
                        .maxAttempts(4)
                        .build())
                .handler(effects.by("only", delivery -> {
                    throw new IllegalStateException("never");
                }))
                .start();
        DeadLettered event = awaitEvent(DeadLettered.class);
        assertThat(event.attempts()).isEqualTo(4);
        assertThat(effects.starts()).extracting(Effect::attempt).containsExactly(1, 2, 3, 4);
        assertThat(deadLetters(orders)).hasSize(1);
    }

    @Test
    @DisplayName("attempts keep counting in another process")
    final void surviveARestart() {
        String orders = destination(1);
        publish(orders, message("1", "a"));
        BackOff briefThenLong = BackOff.builder()
                .initial(Duration.ofMillis(10))
                .max(Duration.ofMinutes(1))
                .multiplier(6_000)
                .jitter(0)
                .build();
        MessagingClient first = client();
        subscribe(first, orders)
                .retry(RetryPolicy.builder().backOff(briefThenLong).build())
                .handler(effects.by("first", delivery -> {
                    throw new IllegalStateException("not here");
                }))
                .start();
        await().until(() -> events.of(DeliveryRetried.class).size() == 2);
        first.close();
        subscribe(client(), orders).handler(effects.by("second")).start();
        awaitHandled("1");
        assertThat(effects.all()).extracting(Effect::attempt).containsExactly(3);
    }

    @Test
    @Tag("slow")
    @DisplayName("D2 a message that kills its process ends in the dead letter, and its neighbours are not charged")
    final void messageThatKillsItsProcessEndsInTheDeadLetter() {
        String orders = destination(1);
        publish(
                orders,
                message("ok1", "a"),
                message("killer", "b", Member.HALT),
                message("ok2", "b"),
                message("ok3", "c"));
        Ledger ledger = new Ledger();
        while (deadLetters(orders).isEmpty()) {
            Member member = closing(Member.start(fixture, orders, GROUP));
            await().until(() -> !member.isAlive() || !deadLetters(orders).isEmpty());
            if (member.isAlive()) {
                member.awaitLine("EFFECT ok2");
            }
            member.kill();
            ledger.add(member.lines());
        }
        assertThat(deadLetters(orders)).extracting(RawMessage::text).containsOnly(Member.HALT);
        assertThat(ledger.attempts("killer"))
                .hasSizeLessThanOrEqualTo(Member.MAX_ATTEMPTS + 1)
                .endsWith(Member.MAX_ATTEMPTS);
        assertThat(ledger.effects()).contains("ok1", "ok2", "ok3");
        assertThat(List.of("ok1", "ok2", "ok3"))
                .allSatisfy(id -> assertThat(ledger.attempts(id))
                        .as(id)
                        .allSatisfy(attempt -> assertThat(attempt).isLessThan(Member.MAX_ATTEMPTS)));
    }

    private List<RawMessage> deadLetters(String destination) {
        return fixture.readRaw(DestinationSpec.deadLetterName(destination, GROUP));
    }
}
