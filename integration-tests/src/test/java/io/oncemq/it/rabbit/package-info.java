/** What OnceMQ does on a real RabbitMQ, beyond the kit. */
@NullMarked
package io.oncemq.it.rabbit;

import org.jspecify.annotations.NullMarked;
