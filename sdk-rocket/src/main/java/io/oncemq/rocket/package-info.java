/** RocketMQ behind OnceMQ. {@code Rocket} is the only type that applications use. */
@NullMarked
package io.oncemq.rocket;

import org.jspecify.annotations.NullMarked;
