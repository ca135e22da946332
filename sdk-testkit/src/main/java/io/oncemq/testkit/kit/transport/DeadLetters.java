package io.oncemq.testkit.kit.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.oncemq.ConfigurationException;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.Headers;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.RetryPolicy;
import io.oncemq.core.WireHeaders;
import io.oncemq.spi.BrokerTransport;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class DeadLetters extends Scenario {
    private static final String BODY = "{\"amount\":-1}";

    DeadLetters(TransportKit kit) {
        super(kit);
    }

    /** An error of a handler that no attempt will fix. */
    private static final class InvalidOrder extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidOrder() {
            super("a negative amount");
        }
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("a dead letter keeps bytes, key and headers, and tells origin, cause and attempts")
    final void keepBytesHeadersOriginAndCause() {
        String orders = destination(1);
        Headers headers = Headers.builder()
                .add("tenant", "north")
                .add("blob", new byte[] {0, -1, 7})
                .build();
        fixture.publishRaw(orders, new RawMessage("a", headers, BODY.getBytes(UTF_8)));
        rejectInvalidOrders(
                orders,
                RetryPolicy.builder()
                        .fixed(Duration.ofMillis(10))
                        .maxAttempts(2)
                        .build());
        awaitEvent(DeadLettered.class);
        RawMessage dead = deadLetters(orders).get(0);
        assertThat(dead.text()).isEqualTo(BODY);
        assertThat(dead.key()).isEqualTo("a");
        assertThat(dead.headers().text("tenant")).isEqualTo("north");
        assertThat(dead.headers().bytes("blob")).containsExactly(0, -1, 7);
        assertThat(dead.headers().text(WireHeaders.DEAD_LETTER_DESTINATION)).isEqualTo(orders);
        assertThat(dead.headers().text(WireHeaders.DEAD_LETTER_GROUP)).isEqualTo(GROUP);
        assertThat(dead.headers().text(WireHeaders.DEAD_LETTER_POSITION)).isNotBlank();
        assertThat(dead.headers().text(WireHeaders.DEAD_LETTER_REASON)).isNotBlank();
        assertThat(dead.headers().text(WireHeaders.DEAD_LETTER_CAUSE)).contains("InvalidOrder");
        assertThat(dead.headers().text(WireHeaders.DEAD_LETTER_MESSAGE)).contains("a negative amount");
        assertThat(dead.headers().text(WireHeaders.DEAD_LETTER_ATTEMPTS)).isEqualTo("2");
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("a failure that is declared hopeless goes to the dead letter after one attempt")
    final void declaredFailuresGoAtOnce() {
        String orders = destination(1);
        publish(orders, message("1", "a", BODY));
        rejectInvalidOrders(
                orders, RetryPolicy.builder().deadLetterOn(InvalidOrder.class).build());
        awaitEvent(DeadLettered.class);
        assertThat(effects.starts()).hasSize(1);
        assertThat(deadLetters(orders)).hasSize(1);
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("the key continues after a dead letter, in order")
    final void keyGoesOnBehindADeadLetter() {
        String orders = destination(1);
        publish(orders, message("1", "a"), message("2", "a", BODY), message("3", "a"), message("4", "a"));
        rejectInvalidOrders(orders, RetryPolicy.none());
        awaitHandled("4");
        assertThat(effects.ids()).containsExactly("1", "3", "4");
        assertThat(deadLetters(orders)).hasSize(1);
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("D5 a duplicate of a dead letter is neither handled nor dead-lettered again")
    final void duplicateOfADeadLetterIsNotHandled() {
        String orders = destination(1);
        publish(orders, message("1", "a", BODY));
        rejectInvalidOrders(orders, RetryPolicy.none());
        awaitEvent(DeadLettered.class);
        publish(orders, message("1", "a", BODY), message("end", "a"));
        awaitHandled("end");
        assertThat(effects.starts()).extracting(Effect::id).containsExactly("1", "end");
        assertThat(deadLetters(orders)).hasSize(1);
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("D5 a redriven dead letter is handled once, by its higher generation, and then suppressed again")
    final void redriveIsHandledOnce() {
        String orders = destination(1);
        publish(orders, message("1", "a", BODY));
        rejectInvalidOrders(orders, RetryPolicy.none());
        awaitEvent(DeadLettered.class);
        RawMessage dead = deadLetters(orders).get(0);
        Headers redriven =
                dead.headers().toBuilder().set(WireHeaders.GENERATION, "1").build();
        fixture.publishRaw(orders, new RawMessage("a", redriven, "mended".getBytes(UTF_8)));
        fixture.publishRaw(orders, new RawMessage("a", redriven, "mended".getBytes(UTF_8)));
        publish(orders, message("end", "a"));
        awaitHandled("end");
        assertThat(effects.all()).extracting(Effect::body).containsExactly("mended", "end");
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("a dead letter goes to the destination that the policy names")
    final void goWhereTheyAreTold() {
        String orders = destination(1);
        String morgue = destination(1);
        publish(orders, message("1", "a", BODY));
        subscribe(client(), orders)
                .retry(RetryPolicy.none())
                .deadLetter(DeadLetterPolicy.to(morgue))
                .handler(effects.by("only", DeadLetters::check))
                .start();
        assertThat(awaitEvent(DeadLettered.class).to()).isEqualTo(morgue);
        assertThat(fixture.readRaw(morgue)).hasSize(1);
        assertThat(deadLetters(orders)).isEmpty();
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("a missing dead-letter destination refuses the start, by name")
    final void missingDestinationRefusesTheStart() {
        String orders = "kit-" + UUID.randomUUID();
        try (BrokerTransport transport = fixture.transport().open("no-dead-letters")) {
            transport.ensure(DestinationSpec.builder(orders).group(GROUP).build());
        }
        assertThatThrownBy(() ->
                        subscribe(client(), orders).handler(effects.by("only")).start())
                .asInstanceOf(type(ConfigurationException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.value()).contains(DestinationSpec.deadLetterName(orders, GROUP));
                    assertThat(refusal.remedy()).isNotBlank();
                });
    }

    private void rejectInvalidOrders(String destination, RetryPolicy policy) {
        subscribe(client(), destination)
                .retry(policy)
                .handler(effects.by("only", DeadLetters::check))
                .start();
    }

    private static void check(io.oncemq.Delivery<String> order) {
        if (BODY.equals(order.body())) {
            throw new InvalidOrder();
        }
    }

    private List<RawMessage> deadLetters(String destination) {
        return fixture.readRaw(DestinationSpec.deadLetterName(destination, GROUP));
    }
}
