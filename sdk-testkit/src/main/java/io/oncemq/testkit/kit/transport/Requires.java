package io.oncemq.testkit.kit.transport;

import io.oncemq.Feature;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test that is skipped where the broker's capabilities call one of these features unsupported; no other test is. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Requires {
    Feature[] value();
}
