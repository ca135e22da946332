package io.oncemq.testkit.kit.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.CrashPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Headers;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.RetryPolicy;
import io.oncemq.core.WireHeaders;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Quarantine extends Scenario {
    Quarantine(TransportKit kit) {
        super(kit);
    }

    /** What a handler throws that is known to have done nothing. */
    private static final class NotSent extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName(
            "what a killed process had started goes to the dead letter in doubt; what was claimed, done or behind does not")
    final void startedAndKilledIsInDoubtAndNothingElseIs() {
        String orders = destination(1);
        Member victim = closing(Member.start(fixture, orders, GROUP, CrashPolicy.QUARANTINE));
        // "done" comes after two messages that never end, so on a log it is not acknowledged when the process dies.
        publish(
                orders,
                message("effect", "a", Member.EFFECT_THEN_HOLD),
                message("behind-effect", "a"),
                message("begun", "b", Member.HOLD),
                message("behind-begun", "b"),
                message("done", "c"));
        victim.awaitLine("EFFECT effect");
        victim.awaitLine("BEGIN begun");
        victim.awaitLine("DONE done");
        victim.kill();
        subscribe(client(), orders)
                .crashPolicy(CrashPolicy.QUARANTINE)
                .handler(effects.by("survivor"))
                .start();
        awaitHandled("behind-effect", "behind-begun");
        await().until(() -> events.of(DeadLettered.class).size() == 2);
        publish(orders, message("effect", "a"), message("begun", "b"), message("end-a", "a"), message("end-b", "b"));
        awaitHandled("end-a", "end-b");

        assertThat(effects.starts())
                .extracting(Effect::id)
                .containsExactlyInAnyOrder("behind-effect", "behind-begun", "end-a", "end-b");
        assertThat(victim.ledger().effects()).containsExactlyInAnyOrder("effect", "done");
        assertThat(deadLetters(orders))
                .allSatisfy(letter -> {
                    assertThat(letter.headers().text(WireHeaders.DEAD_LETTER_REASON))
                            .isEqualTo("in-doubt");
                    assertThat(letter.headers().text(WireHeaders.DEAD_LETTER_ATTEMPTS))
                            .isEqualTo("1");
                })
                .extracting(letter -> letter.headers().text(WireHeaders.DEAD_LETTER_ID))
                .containsExactlyInAnyOrder("effect", "begun");
        redriveTwice(orders, deadLetters(orders).get(0));
        assertThat(effects.all())
                .filteredOn(effect -> "looked at".equals(effect.body()))
                .hasSize(1);
    }

    private void redriveTwice(String destination, RawMessage letter) {
        Headers headers =
                letter.headers().toBuilder().set(WireHeaders.GENERATION, "1").build();
        RawMessage redriven = new RawMessage(letter.key(), headers, "looked at".getBytes(UTF_8));
        fixture.publishRaw(destination, redriven);
        fixture.publishRaw(destination, redriven);
        publish(destination, message("last", String.valueOf(letter.key())));
        awaitHandled("last");
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("a failure is retried only if its exception was declared safe")
    final void onlyFailuresDeclaredSafeAreRetried() {
        String orders = destination(1);
        publish(orders, message("safe", "a"), message("unsafe", "b"), message("end", "b"));
        subscribe(client(), orders)
                .crashPolicy(CrashPolicy.QUARANTINE)
                .retry(RetryPolicy.builder()
                        .fixed(Duration.ofMillis(10))
                        .retryOn(NotSent.class)
                        .build())
                .handler(effects.by("only", delivery -> {
                    if (delivery.id().equals("safe") && delivery.attempt() == 1) {
                        throw new NotSent();
                    }
                    if (delivery.id().equals("unsafe")) {
                        throw new IllegalStateException("who knows how far it got");
                    }
                }))
                .start();
        awaitHandled("safe", "end");
        assertThat(effects.starts())
                .filteredOn(start -> start.id().equals("unsafe"))
                .hasSize(1);
        assertThat(effects.starts())
                .filteredOn(start -> start.id().equals("safe"))
                .extracting(Effect::attempt)
                .containsExactly(1, 2);
        assertThat(deadLetters(orders))
                .extracting(letter -> letter.headers().text(WireHeaders.DEAD_LETTER_REASON))
                .containsExactly("not-retryable");
    }

    private List<RawMessage> deadLetters(String destination) {
        return fixture.readRaw(DestinationSpec.deadLetterName(destination, GROUP));
    }
}
