/** OnceMQ in a Spring Boot application: properties, {@link io.oncemq.spring.OnceListener} methods, injected publishers, start and drain. */
@NullMarked
package io.oncemq.spring;

import org.jspecify.annotations.NullMarked;
