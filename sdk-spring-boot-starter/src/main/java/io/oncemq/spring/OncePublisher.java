package io.oncemq.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Names the destination of an injected {@code Publisher<T>}; a field, or a parameter of a constructor or of a {@code @Bean} method.
 *
 * <pre>{@code
 * Checkout(@OncePublisher("orders") Publisher<Order> orders) {}
 * }</pre>
 *
 * <p>Bodies become bytes as {@link OnceListener} describes for {@code T}. One destination, client and type have one publisher in the
 * application; it is closed with its client. A {@code Publisher} that was declared as a bean is injected without this annotation.
 */
@Documented
@Qualifier(OncePublisher.BEAN)
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
public @interface OncePublisher {
    /** The bean behind every injection point of this kind. */
    String BEAN = "oncePublisher";

    /** The destination; may hold placeholders. */
    String value();

    /** The name of the client below {@code oncemq.clients}; empty for the default client. */
    String client() default "";
}
