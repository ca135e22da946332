/** RocketMQ behind OnceMQ, in progress: it publishes, and receives nothing yet. {@code Rocket} is the only type that applications use. */
@NullMarked
package io.oncemq.rocket;

import org.jspecify.annotations.NullMarked;
