/** The Kafka adapter alone, against real brokers: the SPI on one side, faults on the other. */
@NullMarked
package io.oncemq.it.kafka;

import org.jspecify.annotations.NullMarked;
