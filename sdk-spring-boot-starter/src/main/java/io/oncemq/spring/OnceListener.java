package io.oncemq.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * A method of a singleton bean that handles the messages of a destination for a group.
 *
 * <pre>{@code
 * @OnceListener(destination = "orders", group = "billing", deadLetterOn = InvalidOrderException.class)
 * void charge(@Valid Order order, Delivery<Order> delivery) {
 *     ledger.charge(order, delivery.fencingToken());
 * }
 * }</pre>
 *
 * <p>Its parameters, in any order: the body, {@code Delivery<Body>}, {@code Headers}; with Spring Messaging on the class path also {@code
 * Message<Body>} and {@code @Header}. The headers of a {@code Message} are those of the message and {@link #MESSAGE_ID}; {@code timestamp}
 * is the broker's or the publisher's, and missing if neither set one; {@code id} is the message id if that is a UUID in lower case, else a
 * UUID that is derived from it: the same for each attempt. The body is {@code byte[]}, {@code String}, a type for which there is a {@code Codec} bean, or else
 * JSON, read by the application's JSON mapper; it is null for a tombstone. A type variable stands for what the bean's class puts in its
 * place. Constraints of the parameters, {@code @Valid} and {@code @Validated} with its groups are checked by Jakarta Validation; what is
 * not valid goes to the dead letter at once, as bytes do that cannot be read. If the validator itself fails, the message is retried.
 *
 * <p>Returning means success and throwing means another attempt, as {@link io.oncemq.MessageHandler} says. A method that returns a {@code
 * CompletionStage} or a {@code Mono} of Reactor is asynchronous: its message's key is held until that completes. Refused at the start:
 * other results, which would be dropped; {@code @Async} without a {@code CompletableFuture}; suspend functions of Kotlin; final methods of
 * proxied beans; beans of the scopes prototype, request and session. What follows from a message is published by {@link
 * io.oncemq.Delivery#publishOnSuccess}.
 *
 * <p>Every text may hold placeholders ({@code ${billing.group}}) and expressions ({@code #{@names.group()}}). The annotation may stand on
 * another annotation. What is left empty is taken from {@code oncemq.listener.*}; {@code oncemq.listeners.ID.*} wins over the annotation,
 * and has the settings that are not here.
 */
@Documented
@Reflective
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface OnceListener {
    /** The header of Spring's {@code Message}, also for {@code @Header}, that has the message id of OnceMQ. */
    String MESSAGE_ID = "oncemq.id";

    /** What it reads. Required, here or by a property. */
    String destination() default "";

    /** The logical subscriber; every process with the same group shares the work. Required, here or by a property. */
    String group() default "";

    /** Names the listener in properties, health and the actuator: {@code <bean>-<method>} unless given. */
    String id() default "";

    /** The name of the client below {@code oncemq.clients}; empty for the default client. */
    String client() default "";

    /** How many handlers run at once in this process; see {@link io.oncemq.SubscriptionBuilder#concurrency}. */
    String concurrency() default "";

    /** {@code PER_KEY} or {@code UNORDERED}. */
    String ordering() default "";

    /** {@code REPROCESS} or {@code QUARANTINE}; see {@link io.oncemq.CrashPolicy}. */
    String crashPolicy() default "";

    /** How long a claim is renewed for one run of the method, such as {@code 10m}. */
    String handlerTimeout() default "";

    /** How often the method may be started for one message. */
    String maxAttempts() default "";

    /** The wait before the second attempt, such as {@code 100ms}; it doubles up to {@link #maxRetryDelay}. */
    String retryDelay() default "";

    /** The longest wait between two attempts. */
    String maxRetryDelay() default "";

    /** If given, only these exceptions are retried. */
    Class<? extends Throwable>[] retryOn() default {};

    /** These exceptions, and exceptions that they have caused, are never retried. */
    Class<? extends Throwable>[] deadLetterOn() default {};

    /** Where dead letters go; {@code <destination>.<group>.dlq} unless given. */
    String deadLetter() default "";

    /** {@code DEAD_LETTER} or {@code BLOCK}: what becomes of a message whose attempts are spent. */
    String onExhausted() default "";

    /**
     * The group wants only messages of one of these types, and the broker leaves out the others; see {@link
     * io.oncemq.SubscriptionBuilder#filter}. Refused at the start where the broker does not offer {@link io.oncemq.Feature#FILTER}.
     */
    String[] filterTypes() default {};

    /** As {@link #filterTypes}, by one condition over headers such as {@code region = 'EU'}, in the broker's SQL92. Not beside types. */
    String filterSql() default "";

    /** Whether it starts with the application; {@link OnceListeners#start} starts it later. */
    String autoStartup() default "";
}
