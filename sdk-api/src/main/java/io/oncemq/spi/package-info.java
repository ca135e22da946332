/**
 * What broker adapters and idempotency stores implement. A log (Kafka) and a queue broker (RabbitMQ) pass the compatibility kit over it; as
 * everything else here it may change with a minor version before 1.0.
 */
@NullMarked
package io.oncemq.spi;

import org.jspecify.annotations.NullMarked;
