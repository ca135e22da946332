package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.jackson.Json;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.validation.annotation.Validated;

/** What violates a constraint is not handled and not tried again; a validator that fails is tried again. */
class ListenerValidationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Object> SEEN = new CopyOnWriteArrayList<>();
    private static final AtomicInteger ASKED = new AtomicInteger();

    private final Toys toys = new Toys();

    ListenerValidationTest() {
        SEEN.clear();
        ASKED.set(0);
    }

    interface Strict {}

    record Item(
            @Min(value = 1) int count,
            @Min(value = 10, groups = Strict.class) int weight) {}

    static class Lists {
        @OnceListener(destination = "orders", group = "billing")
        void on(@Valid List<Item> items) {
            SEEN.add(items);
        }
    }

    static class SizedLists {
        @OnceListener(destination = "orders", group = "billing")
        void on(@Size(min = 2) List<@Valid Item> items) {
            SEEN.add(items);
        }
    }

    static class DeliveredLists {
        @OnceListener(destination = "orders", group = "billing")
        void on(@Size(max = 1) List<@Valid Item> items, Delivery<List<Item>> delivery, @Header("n") @Min(7) int n) {
            SEEN.add(items);
        }
    }

    private void deadLetters(Class<?> bean, Object body, String... cause) {
        toys.application("billing", "orders").withBean(bean).run(context -> {
            publish(context.getBean(MessagingClient.class), body);
            await().atMost(PATIENCE)
                    .until(() -> !toys.broker().messages("orders.billing.dlq").isEmpty());
            Headers headers =
                    toys.broker().messages("orders.billing.dlq").get(0).headers();
            assertThat(headers.text("oncemq-dead-letter-attempts")).isEqualTo("1");
            assertThat(headers.text("oncemq-dead-letter-message")).contains(cause);
            assertThat(SEEN).isEmpty();
        });
    }

    private static void publish(MessagingClient client, Object body) {
        publish(client, "1", body);
    }

    private static void publish(MessagingClient client, String id, Object body) {
        client.publisher("orders", Json.of(Object.class))
                .publish(OutboundMessage.of(body).id(id).header("n", "6"))
                .join();
    }

    @Test
    void elementsOfAListAreChecked() {
        deadLetters(Lists.class, List.of(new Item(1, 1), new Item(0, 1)), "[1].count (Min)");
    }

    @Test
    void constraintsOfTheParameterAreChecked() {
        deadLetters(SizedLists.class, List.of(new Item(0, 1)), "count (Min)", "items (Size)");
    }

    @Test
    void soAreThoseOfHeaders() {
        deadLetters(DeliveredLists.class, List.of(new Item(1, 1)), "n (Min)");
    }

    static class Grouped {
        @OnceListener(destination = "orders", group = "billing")
        void on(@Validated(Strict.class) Item item) {
            SEEN.add(item);
        }
    }

    @Validated(Strict.class)
    static class GroupedByClass {
        @OnceListener(destination = "orders", group = "billing")
        void on(@Valid Delivery<Item> item) {
            SEEN.add(item);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Grouped.class, GroupedByClass.class})
    void onlyTheGroupsThatAreNamedAreChecked(Class<?> bean) {
        deadLetters(bean, new Item(1, 9), "weight (Min)");
        toys.application("billing", "orders").withBean(bean).run(context -> {
            publish(context.getBean(MessagingClient.class), "2", new Item(0, 10));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(SEEN).hasSize(1));
        });
    }

    static class Keyed {
        @OnceListener(destination = "orders", group = "billing")
        void on(Map<String, @Valid Item> items) {}
    }

    @Test
    void keysOfMapsAreNotTold() {
        toys.application("billing", "orders").withBean(Keyed.class).run(context -> {
            publish(context.getBean(MessagingClient.class), Map.of("s3cret", new Item(0, 1)));
            await().atMost(PATIENCE)
                    .until(() -> !toys.broker().messages("orders.billing.dlq").isEmpty());
            assertThat(toys.broker()
                            .messages("orders.billing.dlq")
                            .get(0)
                            .headers()
                            .text("oncemq-dead-letter-message"))
                    .contains("count (Min)")
                    .doesNotContain("s3cret");
        });
    }

    @Constraint(validatedBy = InTheDatabase.class)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Known {
        String message() default "unknown";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    public static class InTheDatabase implements ConstraintValidator<Known, String> {
        @Override
        public boolean isValid(String value, ConstraintValidatorContext context) {
            if (ASKED.incrementAndGet() < 3) {
                throw new IllegalStateException("the database does not answer");
            }
            return true;
        }
    }

    static class Asking {
        @OnceListener(destination = "orders", group = "billing", retryDelay = "1ms", maxRetryDelay = "1ms")
        void on(@Known String body) {
            SEEN.add(body);
        }
    }

    @Test
    void aValidatorThatFailsIsAskedAgainAndTheMessageIsHandled() {
        toys.application("billing", "orders").withBean(Asking.class).run(context -> {
            publish(context.getBean(MessagingClient.class), "a");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(SEEN).hasSize(1));
            assertThat(ASKED).hasValue(3);
            assertThat(toys.broker().messages("orders.billing.dlq")).isEmpty();
        });
    }
}
