package io.oncemq.testkit.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives the application contexts of a test class a real broker and a real store, beside {@code @SpringBootTest}. For the default client it
 * sets {@code oncemq.transport}, {@code oncemq.idempotency} and {@code oncemq.profile=DEV}, before all other properties.
 *
 * <p>Each server starts when the first context of the JVM needs it, and serves all later ones. Messages and remembered ids therefore stay
 * from test class to test class: use new ids. At the end of the JVM each context is closed first, and the servers after it. Kafka's
 * clients log from WARN, unless {@code logging.level.org.apache.kafka} is set.
 *
 * <p>The servers are beans, so a test can take them as parameters, such as {@code KafkaServer}. A server that a test stops is stopped for
 * all tests.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface OnceMqTest {

    /** The broker to start. */
    TestBroker broker() default TestBroker.AUTO;

    /** The store to start. */
    TestStore store() default TestStore.AUTO;
}
