/** Kafka behind OnceMQ: {@link io.oncemq.kafka.Kafka} is the only type that applications use. */
@NullMarked
package io.oncemq.kafka;

import org.jspecify.annotations.NullMarked;
