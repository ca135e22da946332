/** RabbitMQ behind OnceMQ: {@code Rabbit} is the only type that applications use. */
@NullMarked
package io.oncemq.rabbit;

import org.jspecify.annotations.NullMarked;
