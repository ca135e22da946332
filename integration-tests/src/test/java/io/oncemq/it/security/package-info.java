/** Kafka with TLS and logins, through the whole engine. */
@NullMarked
package io.oncemq.it.security;

import org.jspecify.annotations.NullMarked;
